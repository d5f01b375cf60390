namespace Tacit.Methods;

/// <summary>What contrastive options have in common when they are fitted to the data.</summary>
internal static class ContrastiveFit
{
    /// <summary>A queue holds at least a batch and at most the data set.</summary>
    public static int Queue(this DataFit fit, int size)
    {
        size = fit.AtMost("method.queue", size, fit.Items, $"the data set has {fit.Items} pictures");
        return fit.AtLeast("method.queue", size, fit.BatchSize, $"a batch has {fit.BatchSize} pictures");
    }
}
