using Tacit.Data.Augment;

namespace Tacit.Methods;

/// <summary>The options of <see cref="SimSiam"/>: solo-learn's for CIFAR-10.</summary>
public sealed record SimSiamOptions : MethodOptions
{
    /// <summary>Predictor, stop-gradient and momentum; the last is 0: both branches share weights.</summary>
    public BranchOptions Branches { get; init; } = new() { Momentum = 0 };

    /// <summary>Widths of the projector's layers: batch norm after each, without scale and shift after the last; ReLU between them.</summary>
    public IReadOnlyList<int> Projector { get; init; } = [2048, 2048, 2048];

    /// <summary>Width of the predictor's bottleneck, a quarter of the projection's.</summary>
    public int PredictorHidden { get; init; } = 512;

    /// <summary>Of both views.</summary>
    public AugmentationOptions Augmentation { get; init; } = new();

    internal static OptionTable<SimSiamOptions> Table { get; } = new OptionTable<SimSiamOptions>()
        .Section("", o => o.Branches, (o, v) => o with { Branches = v }, BranchOptions.Table)
        .Wholes("projector", o => o.Projector, (o, v) => o with { Projector = v }, new Interval(1, 1 << 16))
        .Whole("predictor-hidden", o => o.PredictorHidden, (o, v) => o with { PredictorHidden = (int)v }, new Interval(1, 1 << 16))
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
