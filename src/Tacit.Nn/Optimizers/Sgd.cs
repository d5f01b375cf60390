using System.Runtime.CompilerServices;
using Tacit.Tensors.Simd;

namespace Tacit.Nn;

/// <summary>Stochastic gradient descent with momentum, without dampening; decay is added to the gradient.</summary>
/// <remarks>PyTorch's torch.optim.SGD: b = μb + g; p -= lr·b (Nesterov: lr·(g + μb)).</remarks>
public sealed class Sgd(IReadOnlyList<ParameterGroup> groups, OptimizerOptions options) : Optimizer(groups, "momentum_buffer")
{
    private readonly MomentumRule[] rules = new MomentumRule[groups.Sum(group => group.Parameters.Count)];

    protected override void Update(double lr, double gradientScale)
    {
        for (int i = 0; i < rules.Length; i++)
        {
            ParameterGroup group = Slots[i].Group;
            rules[i] = new MomentumRule(lr * group.LrScale, gradientScale, group.WeightDecay, 1, options.Momentum, options.Nesterov);
        }

        FusedUpdate.Run(this, rules);
    }
}

/// <summary>d = trust·(scale·g + decay·p); b = μb + d; p -= lr·(b, or d + μb with Nesterov).</summary>
internal readonly struct MomentumRule(double lr, double scale, double decay, double trust, double momentum, bool nesterov) : IUpdateRule
{
    private readonly float minusLr = (float)-lr, scale = (float)scale, decay = (float)decay, trust = (float)trust, momentum = (float)momentum;

    public static int States => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<V>(ref V parameter, V gradient, ref V buffer, ref V unused)
        where V : struct, IVec<V>
    {
        V d = V.Fma(V.Broadcast(decay), parameter, gradient * V.Broadcast(scale)) * V.Broadcast(trust);
        V mu = V.Broadcast(momentum);
        buffer = V.Fma(mu, buffer, d);
        parameter = V.Fma(V.Broadcast(minusLr), nesterov ? V.Fma(mu, buffer, d) : buffer, parameter);
    }
}
