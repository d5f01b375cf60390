using Tacit.Methods;
using Tacit.Nn;

namespace Tacit.Training;

/// <summary>The keys of the optimiser.</summary>
internal static class OptimizerTable
{
    public static OptionTable<OptimizerOptions> Keys { get; } = new OptionTable<OptimizerOptions>()
        .Choice("name", o => o.Name, (o, v) => o with { Name = v }, [.. Optimizer.Names])
        .Real("lr", o => o.Lr, (o, v) => o with { Lr = v }, Interval.Positive)
        .Real("momentum", o => o.Momentum, (o, v) => o with { Momentum = v }, Interval.BelowOne)
        .Flag("nesterov", o => o.Nesterov, (o, v) => o with { Nesterov = v })
        .Real("weight-decay", o => o.WeightDecay, (o, v) => o with { WeightDecay = v }, Interval.NotNegative)
        .Real("beta1", o => o.Beta1, (o, v) => o with { Beta1 = v }, Interval.BelowOne)
        .Real("beta2", o => o.Beta2, (o, v) => o with { Beta2 = v }, Interval.BelowOne)
        .Real("epsilon", o => o.Epsilon, (o, v) => o with { Epsilon = v }, Interval.NotNegative)
        .Real("trust-coefficient", o => o.TrustCoefficient, (o, v) => o with { TrustCoefficient = v }, Interval.Positive)
        .Flag("clip-trust", o => o.ClipTrust, (o, v) => o with { ClipTrust = v })
        .FlagOrAuto("exclude-one-dimensional", o => o.ExcludeOneDimensional, (o, v) => o with { ExcludeOneDimensional = v })
        .Real("clip-norm", o => o.ClipNorm, (o, v) => o with { ClipNorm = v }, Interval.NotNegative);
}
