using Tacit.Data.Augment;
using Tacit.Models;

namespace Tacit.Methods;

/// <summary>The options of <see cref="IJepa"/>: the paper's.</summary>
public sealed record IJepaOptions : MethodOptions
{
    private const string WidthKey = "method.predictor-width";

    /// <summary>The blocks that are context and targets.</summary>
    public MultiBlockOptions Blocks { get; init; } = new();

    /// <summary>Width of the predictor; null (auto) for about half of the encoder's.</summary>
    public int? PredictorWidth { get; init; }

    /// <summary>Blocks of the predictor; null (auto) for half of the encoder's.</summary>
    public int? PredictorDepth { get; init; }

    /// <summary>Where the loss turns from the square of an error to its size, as in the authors' code.</summary>
    public float Beta { get; init; } = 1;

    /// <summary>The target encoder's momentum at the first step.</summary>
    public double Momentum { get; init; } = 0.996;

    /// <summary>The target encoder's momentum at the end, reached along a line.</summary>
    public double FinalMomentum { get; init; } = 1;

    /// <summary>Of the one view that both encoders share: a crop, nothing else (section 7).</summary>
    public AugmentationOptions Augmentation { get; init; } = AugmentationOptions.CropAndFlip with { MinScale = 0.3f, FlipProbability = 0 };

    internal static OptionTable<IJepaOptions> Table { get; } = new OptionTable<IJepaOptions>()
        .Section("", o => o.Blocks, (o, v) => o with { Blocks = v }, MultiBlockOptions.Table)
        .WholeOrAuto("predictor-width", o => o.PredictorWidth, (o, v) => o with { PredictorWidth = (int?)v }, new Interval(4, 1 << 14))
        .WholeOrAuto("predictor-depth", o => o.PredictorDepth, (o, v) => o with { PredictorDepth = (int?)v }, new Interval(1, 1000))
        .Number("beta", o => o.Beta, (o, v) => o with { Beta = v }, Interval.Positive)
        .Real("momentum", o => o.Momentum, (o, v) => o with { Momentum = v }, Interval.Fraction)
        .Real("final-momentum", o => o.FinalMomentum, (o, v) => o with { FinalMomentum = v }, Interval.Fraction)
        .Section("augmentation", o => o.Augmentation, (o, v) => o with { Augmentation = v }, AugmentationTable.Keys);

    public override void Validate()
    {
        Blocks.Validate();
        Augmentation.Validate();
    }

    public override MethodOptions FitTo(DataFit fit)
    {
        fit.RefuseBatchOfOne("whether the targets of one picture are constant cannot be told");
        MaskedPatches.Refuse(fit, "ijepa", 1, 0.5);         // any share will do: blocks fit all grids of 2 × 2 and more
        MaskedPatches.RefuseClassToken(fit, "ijepa");
        int unit = Unit(fit.Model);
        return PredictorWidth is { } width && width % unit != 0
            ? throw DataFit.Refusal(WidthKey, $"the predictor has the encoder's {fit.Model.Heads} heads, so its width must be a multiple of {unit}, not {width}")
            : this;
    }

    /// <summary>The predictor's width for an encoder.</summary>
    internal int WidthFor(BackboneOptions model)
    {
        int unit = Unit(model);
        return PredictorWidth ?? Math.Max(unit, model.Dim / 2 / unit * unit);
    }

    /// <summary>The predictor's depth for an encoder.</summary>
    internal int DepthFor(BackboneOptions model) => PredictorDepth ?? Math.Max(1, model.Depth / 2);

    /// <summary>Widths that the encoder's heads can share and that sine-cosine positions exist for.</summary>
    private static int Unit(BackboneOptions model) => 4 * model.Heads;
}
