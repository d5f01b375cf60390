using Tacit.Data.Augment;
using Tacit.Nn;

namespace Tacit.Methods;

/// <summary>The options of <see cref="Data2Vec"/>: the paper's for pictures, its teacher faster for runs of thousands of steps.</summary>
public sealed record Data2VecOptions : MethodOptions
{
    /// <summary>The share of patches that the student does not see.</summary>
    public double MaskRatio { get; init; } = 0.6;

    /// <summary>The teacher's top blocks whose outputs are averaged.</summary>
    public int TargetLayers { get; init; } = 6;

    /// <summary>How each block's output is normalised before the average: <c>layer</c>, <c>instance</c> (over the patches of a picture) or <c>none</c>, which invites collapse.</summary>
    public string TargetNorm { get; init; } = "layer";

    /// <summary>β of the smooth L1 loss.</summary>
    public float Beta { get; init; } = 2;

    /// <summary>τ₀, the teacher's momentum at the first step; the paper's 0.9998 is for half a million of them.</summary>
    public double Momentum { get; init; } = 0.99;

    /// <summary>τₑ, reached along a line.</summary>
    public double FinalMomentum { get; init; } = 0.9998;

    /// <summary>τₙ, how long the momentum rises: below 1 a share of the run, otherwise steps.</summary>
    public double MomentumRise { get; init; } = 0.3;

    /// <summary>Of the one view that student and teacher share.</summary>
    public AugmentationOptions Augmentation { get; init; } = AugmentationOptions.CropAndFlip with { MinScale = 0.2f };

    internal static OptionTable<Data2VecOptions> Table { get; } = new OptionTable<Data2VecOptions>()
        .Real("mask-ratio", o => o.MaskRatio, (o, v) => o with { MaskRatio = v }, Interval.Fraction)
        .Whole("target-layers", o => o.TargetLayers, (o, v) => o with { TargetLayers = (int)v }, new Interval(1, 1000))
        .Choice("target-norm", o => o.TargetNorm, (o, v) => o with { TargetNorm = v }, "layer", "instance", "none")
        .Number("beta", o => o.Beta, (o, v) => o with { Beta = v }, Interval.Positive)
        .Real("momentum", o => o.Momentum, (o, v) => o with { Momentum = v }, Interval.Fraction)
        .Real("final-momentum", o => o.FinalMomentum, (o, v) => o with { FinalMomentum = v }, Interval.Fraction)
        .Real("momentum-rise", o => o.MomentumRise, (o, v) => o with { MomentumRise = v }, Interval.NotNegative)
        .Section("augmentation", o => o.Augmentation, (o, v) => o with { Augmentation = v }, AugmentationTable.Keys);

    /// <summary>τ of the update after one step.</summary>
    /// <param name="step">Steps done, this one included.</param>
    /// <param name="steps">Steps of the whole run.</param>
    public double MomentumAt(long step, long steps)
    {
        double rise = Schedules.Length(MomentumRise, steps);
        return step - 1 >= rise ? FinalMomentum : Momentum + ((FinalMomentum - Momentum) * ((step - 1) / rise));
    }

    public override void Validate() => Augmentation.Validate();

    public override MethodOptions FitTo(DataFit fit)
    {
        fit.RefuseBatchOfOne("whether the targets of one picture are constant cannot be told");
        MaskedPatches.Refuse(fit, "data2vec", 1, MaskRatio);
        MaskedPatches.RefuseClassToken(fit, "data2vec");
        return this with { TargetLayers = fit.AtMost("method.target-layers", TargetLayers, fit.Model.Depth, $"the encoder has {fit.Model.Depth} blocks") };
    }
}
