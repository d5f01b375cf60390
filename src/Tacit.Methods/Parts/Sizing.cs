namespace Tacit.Methods;

/// <summary>How large queues and clusterings may be for the data.</summary>
internal static class Sizing
{
    private const int PicturesPerCluster = 10;

    /// <summary>At most as many clusters as pictures; where their number is a default, each has ten pictures on average.</summary>
    public static int Clusters(this DataFit fit, string key, int count)
    {
        int most = fit.Given(key) ? fit.Items : Math.Max(2, fit.Items / PicturesPerCluster);
        return fit.AtMost(key, count, most, $"the data set has {fit.Items} pictures");
    }

    /// <summary>
    /// A queue holds at least a batch and at most the data set. A default stays between a quarter and half of a small data set:
    /// a queue that holds most pictures is full of the ones that are just looked at, and training is unstable.
    /// </summary>
    /// <remarks>The steps are those that lightly-train sizes its memory banks by.</remarks>
    public static int Queue(this DataFit fit, int size)
    {
        int most = fit.Given("method.queue")
            ? fit.Items
            : Math.Max(fit.BatchSize, fit.BySize((50, 16), (100, 32), (250, 64), (500, 128), (1000, 256), (2000, 512), (4000, 1024), (10_000, 2048), (20_000, 4096), (int.MaxValue, 8192)));
        size = fit.AtMost("method.queue", size, Math.Min(most, fit.Items), $"the data set has {fit.Items} pictures");
        return fit.AtLeast("method.queue", size, fit.BatchSize, $"a batch has {fit.BatchSize} pictures");
    }
}
