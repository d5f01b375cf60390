using Tacit.Data.Augment;
using Tacit.Nn;

namespace Tacit.Methods;

/// <summary>The options of <see cref="Byol"/>: solo-learn's for CIFAR-10. The optimiser is lightly's there, SGD, which learns from the first epoch on.</summary>
public sealed record ByolOptions : MethodOptions
{
    /// <summary>Predictor, stop-gradient and momentum, which rises from 0.99 to 1.</summary>
    public BranchOptions Branches { get; init; } = new();

    /// <summary>Widths of the projector's layers: batch norm and ReLU between them, nothing after the last.</summary>
    public IReadOnlyList<int> Projector { get; init; } = [4096, 256];

    /// <summary>Width of the predictor's hidden layer.</summary>
    public int PredictorHidden { get; init; } = 4096;

    /// <summary>Of both views, but for the second one's solarisation.</summary>
    public AugmentationOptions Augmentation { get; init; } = new() { Saturation = 0.2f };

    /// <summary>How often the second view is solarised; the first one as <c>augmentation.solarize-probability</c> says.</summary>
    public float SecondSolarizeProbability { get; init; } = 0.2f;

    internal static OptionTable<ByolOptions> Table { get; } = new OptionTable<ByolOptions>()
        .Section("", o => o.Branches, (o, v) => o with { Branches = v }, BranchOptions.Table)
        .Wholes("projector", o => o.Projector, (o, v) => o with { Projector = v }, new Interval(1, 1 << 16))
        .Whole("predictor-hidden", o => o.PredictorHidden, (o, v) => o with { PredictorHidden = (int)v }, new Interval(1, 1 << 16))
        .Number("second-solarize-probability", o => o.SecondSolarizeProbability, (o, v) => o with { SecondSolarizeProbability = v }, Interval.Fraction)
        .Section("augmentation", o => o.Augmentation, (o, v) => o with { Augmentation = v }, AugmentationTable.Keys);

    public override void Validate()
    {
        Branches.Validate();
        Augmentation.Validate();
    }

    public override MethodOptions FitTo(DataFit fit)
    {
        fit.RefuseBatchOfOne("batch norm makes zeros of a batch of one picture");
        return this;
    }
}
