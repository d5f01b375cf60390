using Tacit.Data.Augment;

namespace Tacit.Methods;

/// <summary>The options of <see cref="DeepCluster"/>.</summary>
public sealed record DeepClusterOptions : MethodOptions
{
    /// <summary>How many; the paper has 10000 for ImageNet, ten times its classes.</summary>
    public int Clusters { get; init; } = 100;

    /// <summary>Moves of k-means at each pass.</summary>
    public int KMeansIterations { get; init; } = 20;

    /// <summary>Epochs from one clustering to the next.</summary>
    public int Every { get; init; } = 1;

    /// <summary>Crops and flips, as the paper has it.</summary>
    public AugmentationOptions Augmentation { get; init; } = AugmentationOptions.CropAndFlip with { MinScale = 0.3f };

    internal static OptionTable<DeepClusterOptions> Table { get; } = new OptionTable<DeepClusterOptions>()
        .Whole("clusters", o => o.Clusters, (o, v) => o with { Clusters = (int)v }, new Interval(2, 1 << 20))
        .Whole("k-means-iterations", o => o.KMeansIterations, (o, v) => o with { KMeansIterations = (int)v }, new Interval(0, 1000))
        .Whole("every", o => o.Every, (o, v) => o with { Every = (int)v }, new Interval(1, 1 << 20))
        .Section("augmentation", o => o.Augmentation, (o, v) => o with { Augmentation = v }, AugmentationTable.Keys);

    public override void Validate() => Augmentation.Validate();

    public override MethodOptions FitTo(DataFit fit) => this with { Clusters = fit.Clusters("method.clusters", Clusters) };
}
