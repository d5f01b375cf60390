using Tacit.Nn;

namespace Tacit.Methods;

/// <summary>How fast a teacher of recordings follows, and what of it is told.</summary>
/// <remarks>
/// Baevski et al. 2022, arXiv:2202.03555, sections 3.2 and 4: τ from 0.999 to 0.9999 within 30,000 of 400,000 steps, and
/// arXiv:2212.07525: to 0.99999 within 75,000. Here faster, for runs of thousands of steps.
/// </remarks>
public sealed record SpeechTeacherOptions
{
    /// <summary>K: of so many top layers the feed-forward networks' outputs are averaged.</summary>
    public int TargetLayers { get; init; } = 8;

    /// <summary>τ₀, at the first step.</summary>
    public double Momentum { get; init; } = 0.99;

    /// <summary>τₑ, reached along a line.</summary>
    public double FinalMomentum { get; init; } = 0.999;

    /// <summary>τₙ, how long the momentum rises: below 1 a share of the run, otherwise steps.</summary>
    public double MomentumRise { get; init; } = 0.3;

    internal static OptionTable<SpeechTeacherOptions> Table { get; } = new OptionTable<SpeechTeacherOptions>()
        .Whole("target-layers", o => o.TargetLayers, (o, v) => o with { TargetLayers = (int)v }, new Interval(1, 1000))
        .Real("momentum", o => o.Momentum, (o, v) => o with { Momentum = v }, Interval.Fraction)
        .Real("final-momentum", o => o.FinalMomentum, (o, v) => o with { FinalMomentum = v }, Interval.Fraction)
        .Real("momentum-rise", o => o.MomentumRise, (o, v) => o with { MomentumRise = v }, Interval.NotNegative);

    /// <summary>τ of the update after one step.</summary>
    /// <param name="step">Steps done, this one included.</param>
    /// <param name="steps">Steps of the whole run.</param>
    public double MomentumAt(long step, long steps)
    {
        double rise = Schedules.Length(MomentumRise, steps);
        return step - 1 >= rise ? FinalMomentum : Momentum + ((FinalMomentum - Momentum) * ((step - 1) / rise));
    }

    internal SpeechTeacherOptions FitTo(DataFit fit) =>
        this with { TargetLayers = fit.AtMost("method.target-layers", TargetLayers, fit.Model.Depth, $"the encoder has {fit.Model.Depth} layers") };
}
