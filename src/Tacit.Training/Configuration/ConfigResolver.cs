using Tacit.Data;
using Tacit.Methods;
using Tacit.Nn;

namespace Tacit.Training;

/// <summary>
/// Fits a configuration to a data set and a length. What the user gave and cannot work is refused; a default adapts, and
/// the notes say so.
/// </summary>
internal static class ConfigResolver
{
    /// <summary>Everything that depends on the data, and the length in steps unless minutes were given.</summary>
    /// <exception cref="ConfigurationException">A given value cannot work with this data.</exception>
    public static RunConfig ForData(RunConfig config, Dataset data, Action<string> note)
    {
        if (data.Count < 2)
        {
            throw new TacitException($"'{data.Path}' holds one item; a method that compares {data.Word} needs at least 2.");
        }

        MethodEntry entry = MethodCatalog.Get(config.MethodName);
        MethodSetup setup = entry.SetupFor(config.Modality);
        config = data is SoundDataset sounds ? SoundResolver.Fit(config, sounds, note) : data is TextDataset texts ? TextResolver.Fit(config, texts, note) : config;
        config = FitBatch(config, data, note);
        config = FitLearningRate(config, setup.ReferenceBatch, note);
        config = FitKnn(config, data, note);
        config = data is PictureDataset pictures ? FitSide(config, pictures, setup.LargestSide, note) : config;
        config = config with { Model = config.Model.FitTo(config) };
        var fit = new DataFit(config.Given.Contains, note)
        {
            Items = data.Count,
            BatchSize = config.Train.BatchSize,
            Side = config.Data.Sizes?.Smallest ?? config.Data.Size ?? 0,
            Sides = Sides(config),
            Modality = config.Modality,
            Seconds = data is SoundDataset ? config.Data.Crop ?? config.Data.Piece!.Value : 0,
            Rate = config.Data.Rate,
            Classes = data.Labels is null ? 0 : data.Classes.Count,
            Model = config.Model.Backbone,
        };
        config = config with { Method = config.Method.FitTo(fit) };
        long? steps = StepsOf(config.Train, data.Count);
        return steps is { } known ? ForLength(config, known) : config;
    }

    /// <summary>Everything that depends on the number of steps, which it sets; the length is given in steps from then on.</summary>
    /// <exception cref="ConfigurationException">A given value cannot work with this length.</exception>
    public static RunConfig ForLength(RunConfig config, long steps)
    {
        config = config with { Train = config.Train with { Steps = steps, Epochs = null, Minutes = null } };
        CheckSchedule(config, steps);
        long tenth = Math.Max(1, (steps + 9) / 10);
        return config with
        {
            Checkpoint = config.Checkpoint with { Every = config.Checkpoint.Every ?? Math.Min(500, tenth) },
            Monitor = config.Monitor with { Every = config.Monitor.Every ?? tenth },
        };
    }

    /// <summary>The length in steps, or null where minutes were given.</summary>
    public static long? StepsOf(TrainOptions train, int items) =>
        train.Minutes is not null ? null
        : train.Steps ?? Math.Max(1, (long)Math.Round((train.Epochs ?? TrainOptions.DefaultEpochs) * StepsPerEpoch(train, items)));

    /// <summary>Optimiser steps that see each item once, the last incomplete batch left out.</summary>
    public static double StepsPerEpoch(TrainOptions train, int items) => (double)Math.Max(1, items / train.BatchSize) / train.Accumulate;

    private static RunConfig FitBatch(RunConfig config, Dataset data, Action<string> note)
    {
        int batch = config.Train.BatchSize;
        if (batch <= data.Count)
        {
            return config;
        }

        if (config.Given.Contains("train.batch-size"))
        {
            throw new ConfigurationException($"train.batch-size: a batch of {batch} is larger than the data set, which has {data.Count} items; give at most {data.Count}.");
        }

        note($"The data set has {data.Count} items, so a batch is {data.Count} instead of {batch}.");
        return config with { Train = config.Train with { BatchSize = data.Count } };
    }

    private static RunConfig FitLearningRate(RunConfig config, int reference, Action<string> note)
    {
        int batch = config.Train.BatchSize * config.Train.Accumulate;
        if (batch == reference || config.Given.Contains("optimizer.lr"))
        {
            return config;
        }

        double scaled = config.Optimizer.Lr * batch / reference;
        note($"optimizer.lr is {scaled:R}: the default {config.Optimizer.Lr:R} for batches of {reference}, scaled to {batch}.");
        return config with { Optimizer = config.Optimizer with { Lr = scaled } };
    }

    /// <summary>A side where none was given, and sides that the encoder can cut into its patches.</summary>
    private static RunConfig FitSide(RunConfig config, PictureDataset data, int largest, Action<string> note)
    {
        int patch = config.Model.Backbone.SideUnit;
        if (config.Data.Size is null)
        {
            int own = config.Model.OnlySide(config) ?? DataOptions.AutomaticSide(data, largest), side = Math.Max(patch, own - (own % patch));
            if (side != own)
            {
                note($"data.size is {side} instead of {own}, so that the encoder can cut it into patches of {patch}.");
            }

            config = config with { Data = config.Data with { Size = side } };
        }

        foreach (int side in Sides(config))
        {
            if (side % patch != 0)
            {
                string key = side == config.Data.Size ? "data.size" : "data.sizes";
                throw new ConfigurationException(side < patch
                    ? $"{key}: a picture of {side} pixels is smaller than the encoder's patch of {patch} (model.patch-size)."
                    : $"{key}: a picture of {side} pixels cannot be cut into the encoder's patches of {patch} (model.patch-size); {side - (side % patch)} or {side + patch - (side % patch)} would do.");
            }
        }

        return config;
    }

    /// <summary>Those that evaluation and the views have.</summary>
    private static int[] Sides(RunConfig config) => [.. config.Data.Size is { } side ? (int[])[side] : [], .. config.Data.Sizes?.Sides ?? []];

    /// <summary>A warm-up or hold longer than the run shows at its first step.</summary>
    private static void CheckSchedule(RunConfig config, long steps)
    {
        try
        {
            _ = Schedules.LrShare(config.Schedule, 0, steps);
            _ = Schedules.LrShare(config.Schedule, steps - 1, steps);
        }
        catch (TacitException error)
        {
            throw new ConfigurationException(error.Message, error);
        }
    }

    private static RunConfig FitKnn(RunConfig config, Dataset data, Action<string> note)
    {
        int labelled = data.Labels?.Count(l => l >= 0) ?? 0;
        int bank = KnnSplit.BankSize(config.Monitor, labelled);
        if (config.Monitor.KnnBank == 0 || bank == 0 || config.Monitor.KnnK <= bank)
        {
            return config;
        }

        if (config.Given.Contains("monitor.knn-k"))
        {
            throw new ConfigurationException($"monitor.knn-k: {config.Monitor.KnnK} neighbours cannot be found among {bank} labelled {data.Word}; give at most {bank}.");
        }

        int k = Math.Max(1, bank / 10);
        note($"The online kNN has {bank} labelled {data.Word} to vote with, so {k} of them vote instead of {config.Monitor.KnnK}.");
        return config with { Monitor = config.Monitor with { KnnK = k } };
    }
}
