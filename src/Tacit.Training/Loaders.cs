using Tacit.Data;
using Tacit.Data.Augment;
using Tacit.Data.Loading;

namespace Tacit.Training;

/// <summary>Loaders as the configuration describes them.</summary>
internal static class Loaders
{
    public static Normalization Normalization(RunConfig config) => new(config.Data.Mean, config.Data.Deviation);

    /// <summary>The batches of a run; the view's side is a function of the step, also where a step takes several batches.</summary>
    public static PictureLoader Training(RunConfig config, PictureDataset data, ViewPlan views) =>
        Of(config, data, views, config.Data.Sizes ?? Fixed(config), config.Train.Steps!.Value * config.Train.Accumulate, config.Train.Seed);

    /// <summary>The same batches at one side throughout.</summary>
    public static PictureLoader At(int side, RunConfig config, PictureDataset data, ViewPlan views) =>
        Of(config, data, views, new ViewSizePlan((0, side)), 1, config.Train.Seed);

    /// <summary>Views of a fixed set of pictures for the monitor.</summary>
    public static PictureLoader Monitoring(RunConfig config, PictureDataset data, ViewPlan views, int batch, ulong seed) =>
        Of(config with { Train = config.Train with { BatchSize = batch } }, data, views, Fixed(config), 1, seed);

    private static ViewSizePlan Fixed(RunConfig config) => new((0, config.Data.Size!.Value));

    private static PictureLoader Of(RunConfig config, PictureDataset data, ViewPlan views, ViewSizePlan sizes, long steps, ulong seed) =>
        new(data, views, new LoaderOptions { BatchSize = config.Train.BatchSize, Normalization = Normalization(config), ViewSizes = sizes, TotalSteps = steps }, seed);
}
