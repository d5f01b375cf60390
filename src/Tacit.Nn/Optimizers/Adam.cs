using System.Runtime.CompilerServices;
using Tacit.Tensors.Simd;

namespace Tacit.Nn;

/// <summary>Adam, and AdamW where decay is applied to the weights themselves instead of the gradient.</summary>
/// <remarks>Kingma and Ba 2015, arXiv:1412.6980; Loshchilov and Hutter 2019, arXiv:1711.05101; arranged as in PyTorch.</remarks>
public sealed class Adam(IReadOnlyList<ParameterGroup> groups, OptimizerOptions options, bool decoupled) : Optimizer(groups, "exp_avg", "exp_avg_sq")
{
    private readonly AdamRule[] rules = new AdamRule[groups.Sum(group => group.Parameters.Count)];

    protected override void Update(double lr, double gradientScale)
    {
        for (int i = 0; i < rules.Length; i++)
        {
            ParameterGroup group = Slots[i].Group;
            double rate = lr * group.LrScale;
            rules[i] = new AdamRule(
                new Moments(options, gradientScale, decoupled ? 0 : group.WeightDecay, Slots[i].Steps.ToScalar()),
                rate,
                decoupled ? 1 - (rate * group.WeightDecay) : 1);
        }

        FusedUpdate.Run(this, rules);
    }
}

/// <summary>g = scale·gradient + decay·p; m = β₁m + (1-β₁)g; v = β₂v + (1-β₂)g²; both corrected for having begun at 0.</summary>
internal readonly struct Moments(OptimizerOptions options, double scale, double decay, double step)
{
    private readonly float scale = (float)scale, decay = (float)decay;
    private readonly float beta1 = (float)options.Beta1, rest1 = (float)(1 - options.Beta1);
    private readonly float beta2 = (float)options.Beta2, rest2 = (float)(1 - options.Beta2);
    private readonly float correction1 = (float)(1 / (1 - Math.Pow(options.Beta1, step)));
    private readonly float rootCorrection2 = (float)(1 / Math.Sqrt(1 - Math.Pow(options.Beta2, step)));
    private readonly float epsilon = (float)options.Epsilon;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Update<V>(V parameter, V gradient, ref V m, ref V v)
        where V : struct, IVec<V>
    {
        V g = V.Fma(V.Broadcast(decay), parameter, gradient * V.Broadcast(scale));
        m = V.Fma(V.Broadcast(rest1), g, V.Broadcast(beta1) * m);
        v = V.Fma(V.Broadcast(rest2) * g, g, V.Broadcast(beta2) * v);
    }

    /// <summary>m̂ / (√v̂ + ε).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Direction<V>(V m, V v)
        where V : struct, IVec<V> =>
        m * V.Broadcast(correction1) / V.Fma(V.Sqrt(v), V.Broadcast(rootCorrection2), V.Broadcast(epsilon));
}

internal readonly struct AdamRule(Moments moments, double lr, double keep) : IUpdateRule
{
    private readonly Moments moments = moments;
    private readonly float minusLr = (float)-lr, keep = (float)keep;

    public static int States => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<V>(ref V parameter, V gradient, ref V m, ref V v)
        where V : struct, IVec<V>
    {
        moments.Update(parameter, gradient, ref m, ref v);
        parameter = V.Fma(V.Broadcast(minusLr), moments.Direction(m, v), parameter * V.Broadcast(keep));
    }
}
