using Tacit.Data.Augment;

namespace Tacit.Methods;

/// <summary>The options of <see cref="DeepClusterV2"/>.</summary>
public sealed record DeepClusterV2Options : MethodOptions
{
    /// <summary>T of the softmax over prototypes.</summary>
    public float Temperature { get; init; } = 0.1f;

    /// <summary>Prototypes of each head; the paper has three times 3000 for ImageNet, two cores learn from fewer.</summary>
    public IReadOnlyList<int> Prototypes { get; init; } = [300, 300, 300];

    /// <summary>Widths of the projector's layers, batch norm and ReLU between them: solo-learn's for CIFAR-10.</summary>
    public IReadOnlyList<int> Projector { get; init; } = [2048, 128];

    /// <summary>Moves of k-means at each pass.</summary>
    public int KMeansIterations { get; init; } = 10;

    /// <summary>Epochs from one clustering to the next.</summary>
    public int Every { get; init; } = 1;

    /// <summary>Of both views; solo-learn's colour jitter is (0.8, 0.8, 0.8, 0.2) with blur.</summary>
    public AugmentationOptions Augmentation { get; init; } = new();

    internal static OptionTable<DeepClusterV2Options> Table { get; } = new OptionTable<DeepClusterV2Options>()
        .Number("temperature", o => o.Temperature, (o, v) => o with { Temperature = v }, Interval.Temperature)
        .Wholes("prototypes", o => o.Prototypes, (o, v) => o with { Prototypes = v }, new Interval(2, 1 << 20))
        .Wholes("projector", o => o.Projector, (o, v) => o with { Projector = v }, new Interval(1, 1 << 16))
        .Whole("k-means-iterations", o => o.KMeansIterations, (o, v) => o with { KMeansIterations = (int)v }, new Interval(0, 1000))
        .Whole("every", o => o.Every, (o, v) => o with { Every = (int)v }, new Interval(1, 1 << 20))
        .Section("augmentation", o => o.Augmentation, (o, v) => o with { Augmentation = v }, AugmentationTable.Keys);

    public override void Validate() => Augmentation.Validate();

    public override MethodOptions FitTo(DataFit fit)
    {
        int most = fit.Clusters("method.prototypes", Prototypes.Max());
        return this with { Prototypes = [.. Prototypes.Select(count => Math.Min(count, most))] };
    }
}
