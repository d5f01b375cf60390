using Tacit.Data.Augment;

namespace Tacit.Methods;

/// <summary>The options of <see cref="VicReg"/>; weights are the paper's, the rest solo-learn's for CIFAR-10.</summary>
public sealed record VicRegOptions : MethodOptions
{
    /// <summary>λ, the weight of the views' agreement.</summary>
    public float Invariance { get; init; } = 25;

    /// <summary>μ, the weight of the hinge that keeps every dimension's deviation at 1; without it all collapses.</summary>
    public float Variance { get; init; } = 25;

    /// <summary>ν, the weight of the covariances.</summary>
    public float Covariance { get; init; } = 1;

    /// <summary>Whether the hinges of the two views are averaged, as the authors' code does, or summed, as the paper writes and solo-learn does.</summary>
    public bool HalvedVariance { get; init; } = true;

    /// <summary>Widths of the projector's layers, batch norm and ReLU between them.</summary>
    public IReadOnlyList<int> Projector { get; init; } = [2048, 2048, 2048];

    /// <summary>Of both views.</summary>
    public AugmentationOptions Augmentation { get; init; } = new() { MinScale = 0.2f, Saturation = 0.2f, SolarizeProbability = 0.1f };

    internal static OptionTable<VicRegOptions> Table { get; } = new OptionTable<VicRegOptions>()
        .Number("invariance", o => o.Invariance, (o, v) => o with { Invariance = v }, Interval.NotNegative)
        .Number("variance", o => o.Variance, (o, v) => o with { Variance = v }, Interval.NotNegative)
        .Number("covariance", o => o.Covariance, (o, v) => o with { Covariance = v }, Interval.NotNegative)
        .Flag("halved-variance", o => o.HalvedVariance, (o, v) => o with { HalvedVariance = v })
        .Wholes("projector", o => o.Projector, (o, v) => o with { Projector = v }, new Interval(1, 1 << 16))
        .Section("augmentation", o => o.Augmentation, (o, v) => o with { Augmentation = v }, AugmentationTable.Keys);

    public override void Validate()
    {
        Augmentation.Validate();
        if (Invariance == 0 && Variance == 0 && Covariance == 0)
        {
            throw new TacitException("method.invariance, method.variance and method.covariance are all 0, so there is nothing to learn from; give one of them a weight.");
        }
    }

    public override MethodOptions FitTo(DataFit fit)
    {
        fit.RefuseBatchOfOne("a batch of one picture has no variance and no covariance");
        return this;
    }
}
