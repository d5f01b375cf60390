using Tacit.Data;

namespace Tacit.Training;

/// <summary>How fast a configuration trains, measured by discarded steps on a copy.</summary>
public static class Throughput
{
    /// <summary>Pictures a second at each side of the views, once the pictures are decoded.</summary>
    /// <param name="config">From <see cref="ConfigBinder"/>.</param>
    /// <param name="data">What would be trained on.</param>
    /// <param name="seconds">About how long each side is timed.</param>
    public static IReadOnlyList<(int Side, double PicturesPerSecond)> Of(RunConfig config, Dataset data, double seconds) =>
        Rates(config, data is SoundDataset sounds ? SoundResolver.Pieces(config, sounds) : data, seconds);

    /// <summary>Seconds of sound that an item of a run shows on average: of a crop, or of a whole piece; each once however many views are made of it.</summary>
    /// <param name="config">From <see cref="ConfigBinder"/>, or a run's own.</param>
    /// <param name="data">What is trained on.</param>
    public static double SecondsPerItem(RunConfig config, SoundDataset data)
    {
        SoundDataset pieces = SoundResolver.Pieces(config, data);
        return Enumerable.Range(0, pieces.Count).Average(item => Math.Min((double)pieces.Samples(item) / pieces.Rate, config.Data.Crop ?? double.MaxValue));
    }

    private static IReadOnlyList<(int Side, double PicturesPerSecond)> Rates(RunConfig config, Dataset items, double seconds) =>
        Calibration.Rates(ConfigResolver.ForData(config, items, _ => { }), items, seconds);
}
