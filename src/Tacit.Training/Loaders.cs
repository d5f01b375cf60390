using Tacit.Data;
using Tacit.Data.Augment;
using Tacit.Data.Loading;
using Tacit.Methods;
using Tacit.Models;

namespace Tacit.Training;

/// <summary>Loaders as the configuration describes them.</summary>
internal static class Loaders
{
    public static Normalization Normalization(RunConfig config) => new(config.Data.Mean, config.Data.Deviation);

    /// <summary>The batches of a run; the view's side is a function of the step, also where a step takes several batches.</summary>
    public static Loader Training(RunConfig config, Dataset data, Method method) =>
        Of(config, data, method, config.Data.Sizes ?? Fixed(config), config.Train.Steps!.Value * config.Train.Accumulate, config.Train.Seed);

    /// <summary>The same batches at one side throughout.</summary>
    public static Loader At(int side, RunConfig config, Dataset data, Method method) =>
        Of(config, data, method, side > 0 ? new ViewSizePlan((0, side)) : null, 1, config.Train.Seed);

    /// <summary>Two views of a fixed set of items for the monitor, whatever the method itself looks at.</summary>
    public static Loader Monitoring(RunConfig config, Dataset data, Method method, int batch, ulong seed)
    {
        config = config with { Train = config.Train with { BatchSize = batch } };
        return data switch
        {
            PictureDataset pictures => new PictureLoader(
                pictures, method.Views is { ViewCount: >= 2 } views ? views : ViewPlan.TwoCrops(new AugmentationOptions()), Pictures(config, Fixed(config), 1), seed),
            SoundDataset sounds => new SoundLoader(sounds, new SoundPlan(2, SameCrop: false), Sounds(config, method) with { BatchSeconds = null, CropSeconds = config.Data.Crop ?? 2 }, seed),
            TextDataset texts => new TextLoader(texts, 2, batch, seed),
            _ => throw new InvalidOperationException($"Nothing loads {data.Word}."),
        };
    }

    private static ViewSizePlan? Fixed(RunConfig config) => config.Data.Size is { } side ? new ViewSizePlan((0, side)) : null;

    private static Loader Of(RunConfig config, Dataset data, Method method, ViewSizePlan? sizes, long steps, ulong seed) => data switch
    {
        PictureDataset pictures => new PictureLoader(pictures, method.Views!, Pictures(config, sizes, steps), seed),
        SoundDataset sounds => new SoundLoader(sounds, method.Sounds!, Sounds(config, method), seed),
        TextDataset texts => new TextLoader(texts, 1, config.Train.BatchSize, seed),
        _ => throw new InvalidOperationException($"Nothing loads {data.Word}."),
    };

    private static LoaderOptions Pictures(RunConfig config, ViewSizePlan? sizes, long steps) =>
        new() { BatchSize = config.Train.BatchSize, Normalization = Normalization(config), ViewSizes = sizes, TotalSteps = steps };

    private static SoundLoaderOptions Sounds(RunConfig config, Method method)
    {
        SoundInput input = Inputs.Sound(config.Model.Backbone, config.Data);
        return new SoundLoaderOptions
        {
            BatchSize = config.Train.BatchSize,
            Input = input,
            CropSeconds = config.Data.Crop,
            BatchSeconds = config.Data.BatchSeconds,
            AlignTo = method.Backbone is SequenceBackbone sequences ? sequences.Stride * (input.Form == SoundForm.Wave ? 1 : 160) : 160,
            Augmentation = config.Sound,
        };
    }
}
