using Tacit.Nn;

namespace Tacit.Methods;

/// <summary>
/// What keeps the two branches of a method without negatives from agreeing on one constant answer. Each can be taken away, to
/// show what it is for.
/// </summary>
/// <remarks>
/// Grill et al. 2020, arXiv:2006.07733, table 5, and Chen and He 2021, arXiv:2011.10566, sections 4.1 and 4.2.
/// </remarks>
public sealed record BranchOptions
{
    /// <summary>
    /// Whether the online branch predicts the other's projection from its own. Without it the gradient of the symmetric loss pulls
    /// both views' projections straight together, for which one point is the cheapest answer: collapse.
    /// </summary>
    public bool Predictor { get; init; } = true;

    /// <summary>
    /// Whether targets are taken as given. Without it the targets move towards the predictions too, and both meet in one point:
    /// collapse. Only shared weights can do without; a momentum teacher is never trained.
    /// </summary>
    public bool StopGradient { get; init; } = true;

    /// <summary>
    /// The teacher's momentum at the first step; 0 for no teacher: both branches share weights, as SimSiam's do. Without a teacher
    /// the stop-gradient and the predictor are what is left to hold the branches apart.
    /// </summary>
    public double Momentum { get; init; } = 0.99;

    /// <summary>The teacher's momentum at the end of the run, where half a cosine leads.</summary>
    public double FinalMomentum { get; init; } = 1;

    internal static OptionTable<BranchOptions> Table { get; } = new OptionTable<BranchOptions>()
        .Flag("predictor", o => o.Predictor, (o, v) => o with { Predictor = v })
        .Flag("stop-gradient", o => o.StopGradient, (o, v) => o with { StopGradient = v })
        .Real("momentum", o => o.Momentum, (o, v) => o with { Momentum = v }, Interval.Fraction)
        .Real("final-momentum", o => o.FinalMomentum, (o, v) => o with { FinalMomentum = v }, Interval.Fraction);

    /// <summary>Refuses a teacher that would have to be trained.</summary>
    /// <exception cref="TacitException">No stop-gradient, but a momentum.</exception>
    public void Validate()
    {
        if (!StopGradient && Momentum > 0)
        {
            throw new TacitException("method.stop-gradient=false needs method.momentum=0: a momentum teacher takes no gradients, only shared weights can.");
        }
    }

    /// <summary>The momentum of the update after one step.</summary>
    /// <param name="step">Steps done, this one included.</param>
    /// <param name="steps">Steps of the whole run.</param>
    public double MomentumAt(long step, long steps) => Schedules.CosineMomentum(step - 1, steps, Momentum, FinalMomentum);
}
