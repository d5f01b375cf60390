using Tacit.Tensors;

namespace Tacit.Nn;

/// <summary>SGD whose step for each weight tensor is in proportion to the tensor's own norm: for large batches.</summary>
/// <remarks>
/// You et al. 2017, arXiv:1708.03888, equation 6: trust = η‖p‖ / (‖g‖ + λ‖p‖). A tensor with ‖p‖ = 0 or ‖g‖ = 0, and every
/// parameter of a group that does not adapt, takes the plain step. With <see cref="OptimizerOptions.ClipTrust"/> the trust is
/// min(trust / lr, 1), so that lr bounds the step.
/// </remarks>
public sealed class Lars(IReadOnlyList<ParameterGroup> groups, OptimizerOptions options) : Optimizer(groups, "momentum_buffer")
{
    private readonly MomentumRule[] rules = new MomentumRule[groups.Sum(group => group.Parameters.Count)];
    private TensorNorms? norms;

    protected override void Update(double lr, double gradientScale)
    {
        norms ??= new TensorNorms(this);
        norms.Measure();
        for (int i = 0; i < rules.Length; i++)
        {
            ParameterGroup group = Slots[i].Group;
            double decay = group.WeightDecay, trust = 1, rate = lr * group.LrScale;
            double p = norms.Parameter(i), g = norms.Gradient(i) * Math.Abs(gradientScale);
            if (group.Adapt && p > 0 && g > 0)
            {
                trust = options.TrustCoefficient * p / (g + (decay * p) + options.Epsilon);
                trust = options.ClipTrust ? Math.Min(rate > 0 ? trust / rate : 1, 1) : trust;
            }

            rules[i] = new MomentumRule(rate, gradientScale, decay, trust, options.Momentum, options.Nesterov);
        }

        FusedUpdate.Run(this, rules);
    }
}

/// <summary>Norms of each parameter and of its gradient.</summary>
internal sealed unsafe class TensorNorms(Optimizer optimizer)
{
    private readonly (double Parameter, double Gradient)[] partial = new (double, double)[optimizer.Partition.Blocks.Length];
    private readonly (double Parameter, double Gradient)[] sums = new (double, double)[optimizer.Slots.Count];

    public double Parameter(int slot) => Math.Sqrt(sums[slot].Parameter);

    public double Gradient(int slot) => Math.Sqrt(sums[slot].Gradient);

    public void Measure()
    {
        var body = new Body(optimizer, partial);
        WorkerPool.Shared.For(partial.Length, ref body);
        Array.Clear(sums);
        for (int block = 0; block < partial.Length; block++)
        {
            ref (double Parameter, double Gradient) sum = ref sums[optimizer.Partition.Blocks[block].Tensor];
            sum.Parameter += partial[block].Parameter;
            sum.Gradient += partial[block].Gradient;
        }
    }

    private readonly struct Body(Optimizer optimizer, (double Parameter, double Gradient)[] partial) : IBlockBody
    {
        public void Invoke(int block)
        {
            Partition.Block b = optimizer.Partition.Blocks[block];
            Optimizer.Slot slot = optimizer.Slots[b.Tensor];
            partial[block] = slot.Parameter.HasGradient && slot.Group.Adapt
                ? (SquareSum.Of(slot.Parameter.Data + b.Start, b.Count), SquareSum.Of(slot.Parameter.GradientData + b.Start, b.Count))
                : default;
        }
    }
}
