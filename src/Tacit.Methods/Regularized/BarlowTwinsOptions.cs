using Tacit.Data.Augment;

namespace Tacit.Methods;

/// <summary>The options of <see cref="BarlowTwins"/>; defaults are solo-learn's for CIFAR-10.</summary>
public sealed record BarlowTwinsOptions : MethodOptions
{
    /// <summary>λ, the weight of the off-diagonal part (the paper: 5e-3).</summary>
    public float Lambda { get; init; } = 5e-3f;

    /// <summary>The whole loss is multiplied by it, which matters to weight decay and trust ratios alone.</summary>
    public float Scale { get; init; } = 0.1f;

    /// <summary>Widths of the projector's layers, batch norm and ReLU between them.</summary>
    public IReadOnlyList<int> Projector { get; init; } = [2048, 2048, 2048];

    /// <summary>Of both views, but for the second one's solarisation.</summary>
    public AugmentationOptions Augmentation { get; init; } = new() { Saturation = 0.2f };

    /// <summary>How often the second view is solarised; the first one as <c>augmentation.solarize-probability</c> says.</summary>
    public float SecondSolarizeProbability { get; init; } = 0.2f;

    internal static OptionTable<BarlowTwinsOptions> Table { get; } = new OptionTable<BarlowTwinsOptions>()
        .Number("lambda", o => o.Lambda, (o, v) => o with { Lambda = v }, Interval.NotNegative)
        .Number("scale", o => o.Scale, (o, v) => o with { Scale = v }, Interval.Positive)
        .Wholes("projector", o => o.Projector, (o, v) => o with { Projector = v }, new Interval(1, 1 << 16))
        .Number("second-solarize-probability", o => o.SecondSolarizeProbability, (o, v) => o with { SecondSolarizeProbability = v }, Interval.Fraction)
        .Section("augmentation", o => o.Augmentation, (o, v) => o with { Augmentation = v }, AugmentationTable.Keys);

    public override void Validate() => Augmentation.Validate();

    public override MethodOptions FitTo(DataFit fit)
    {
        fit.RefuseBatchOfOne("a batch of one picture has no variance and no covariance");
        return this;
    }
}
