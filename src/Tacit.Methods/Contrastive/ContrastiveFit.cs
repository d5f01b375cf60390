namespace Tacit.Methods;

/// <summary>What contrastive options have in common when they are fitted to the data.</summary>
internal static class ContrastiveFit
{
    /// <summary>Refuses a batch in which nothing can be told from anything else.</summary>
    public static void RefuseLonePictures(this DataFit fit)
    {
        if (fit.BatchSize < 2)
        {
            throw DataFit.Refusal("train.batch-size", $"a batch of {fit.BatchSize} holds no second picture to tell the first from; give at least 2");
        }
    }

    /// <summary>A queue holds at least a batch and at most the data set.</summary>
    public static int Queue(this DataFit fit, int size)
    {
        size = fit.AtMost("method.queue", size, fit.Items, $"the data set has {fit.Items} pictures");
        return fit.AtLeast("method.queue", size, fit.BatchSize, $"a batch has {fit.BatchSize} pictures");
    }
}
