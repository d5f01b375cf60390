namespace Tacit.Data.Loading;

/// <summary>Batches of pictures.</summary>
public sealed class PictureLoader : Loader
{
    private readonly ViewPlan plan;
    private readonly LoaderOptions options;

    /// <exception cref="TacitException">The batch is larger than the data set, or smaller than 1.</exception>
    public PictureLoader(PictureDataset dataset, ViewPlan plan, LoaderOptions options, ulong seed)
        : base(Checked(dataset), options.BatchSize, seed, Buffer(dataset, plan, options, seed), Buffer(dataset, plan, options, seed))
    {
        dataset.CacheBytes = options.CacheBytes ?? dataset.CacheBytes;
        (this.plan, this.options) = (plan, options);
    }

    /// <summary>The side of the views of a step.</summary>
    public int SizeAt(long step) => options.ViewSizes?.At(step, options.TotalSteps) ?? plan.Size;

    private protected override void Prepare(BatchBuffer buffer, long step) => ((PictureBuffer)buffer).Side = SizeAt(step);

    private static PictureBuffer Buffer(PictureDataset dataset, ViewPlan plan, LoaderOptions options, ulong seed) => new(dataset, plan, options.Normalization, seed);

    private static PictureDataset Checked(PictureDataset dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        return dataset;
    }
}
