using Tacit.Data;
using Tacit.Data.Loading;
using Tacit.Methods;
using Tacit.Models;
using Tacit.Tensors;

namespace Tacit.Training;

/// <summary>Fits what a configuration says about recordings to the data: pieces, crops, batches by seconds, log-mel statistics.</summary>
internal static class SoundResolver
{
    private const float LongestPiece = 15;
    private const int StatisticsItems = 256;

    private static readonly ulong Stream = Philox.Hash("log-mel statistics");

    /// <summary>The recordings as a run takes them: at its rate, cut into pieces.</summary>
    public static SoundDataset Pieces(RunConfig config, SoundDataset whole) => whole.At(config.Data.Rate).Cut(PieceOf(config));

    /// <summary>The configuration fitted to recordings that are cut into its pieces.</summary>
    /// <exception cref="ConfigurationException">A given value cannot work with this data.</exception>
    public static RunConfig Fit(RunConfig config, SoundDataset data, Action<string> note)
    {
        DataOptions options = config.Data with { Piece = PieceOf(config) };
        if (options.Crop > options.Piece)
        {
            throw new ConfigurationException($"data.piece: pieces of {options.Piece} seconds are shorter than the crops of {options.Crop} seconds (data.crop).");
        }

        if (options.BatchSeconds is { } budget)
        {
            int batches = SoundLoader.CountBatches(data, options.Crop, budget), each = Math.Max(1, data.Count / batches);
            note($"A batch holds at most {budget:0.#} seconds: {batches} batches an epoch, of {each} recordings on average.");
            config = config with { Train = config.Train with { BatchSize = each } };
        }

        if (BackboneFactory.SoundKind(config.Model.Backbone.Name) == "picture" && (options.MelMean is null || options.MelDeviation is null))
        {
            (float mean, float deviation) = Statistics(config with { Data = options }, data);
            options = options with { MelMean = options.MelMean ?? mean, MelDeviation = options.MelDeviation ?? deviation };
        }

        return FitAugmentation(config with { Data = options }, note);
    }

    /// <summary>Waveforms have no frames to change.</summary>
    private static RunConfig FitAugmentation(RunConfig config, Action<string> note)
    {
        if (BackboneFactory.SoundKind(config.Model.Backbone.Name) != "wave" || !config.Sound.ChangesFrames)
        {
            return config;
        }

        string[] frames = ["mixup-ratio", "resize-crop", "time-masks", "frequency-masks", "time-warp"];
        if (frames.FirstOrDefault(key => config.Given.Contains($"sound.{key}")) is { } given)
        {
            throw new ConfigurationException($"sound.{given}: {config.Model.Backbone.Name} takes waveforms, and only frames or log-mel pictures can be changed so.");
        }

        note($"{config.Model.Backbone.Name} takes waveforms, so that nothing is done to frames (sound.{string.Join(", sound.", frames)}).");
        return config with { Sound = config.Sound with { MixupRatio = 0, ResizeCrop = false, TimeMasks = 0, FrequencyMasks = 0, TimeWarp = 0 } };
    }

    private static float PieceOf(RunConfig config) => config.Data.Piece ?? (config.Data.Crop is { } crop ? 2 * crop : LongestPiece);

    /// <summary>Mean and deviation of the log-mel numbers of some recordings, drawn by the seed.</summary>
    private static (float Mean, float Deviation) Statistics(RunConfig config, SoundDataset data)
    {
        SoundInput input = Inputs.Sound(config.Model.Backbone, config.Data);
        int[] order = Philox.Permutation(data.Count, config.Train.Seed, Stream, 0), items = [.. order[..Math.Min(StatisticsItems, order.Length)].Order()];
        double count = 0, sum = 0, squares = 0;
        foreach (Batch batch in input.Batches(data, 16, items))
        {
            int row = batch.Views.Length / batch.Size;
            for (int i = 0; i < batch.Size; i++)
            {
                foreach (float value in batch.Views.Span.Slice(i * row, batch.Lengths![i] * input.Width))
                {
                    count++;
                    sum += value;
                    squares += (double)value * value;
                }
            }
        }

        double mean = sum / count;
        return (Rounded(mean), Rounded(Math.Sqrt(Math.Max(1e-6, (squares / count) - (mean * mean)))));
    }

    private static float Rounded(double value) => (float)Math.Round(value, 3);
}
