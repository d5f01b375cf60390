using System.Runtime.CompilerServices;
using Tacit.Tensors;
using Tacit.Tensors.Simd;

namespace Tacit.Nn;

/// <summary>Adam whose step for each weight tensor is in proportion to the tensor's own norm: for large batches.</summary>
/// <remarks>
/// You et al. 2020, arXiv:1904.00962, algorithm 2 with φ the identity: u = m̂ / (√v̂ + ε) + λp; p -= lr·(‖p‖ / ‖u‖)·u. The
/// ratio is 1 where a norm is 0 and for groups that do not adapt.
/// </remarks>
public sealed class Lamb(IReadOnlyList<ParameterGroup> groups, OptimizerOptions options) : Optimizer(groups, "exp_avg", "exp_avg_sq")
{
    private readonly LambRule[] rules = new LambRule[groups.Sum(group => group.Parameters.Count)];
    private (double Parameter, double Direction)[]? partial;

    protected override void Update(double lr, double gradientScale)
    {
        partial ??= new (double, double)[Partition.Blocks.Length];
        for (int i = 0; i < rules.Length; i++)
        {
            rules[i] = new LambRule(new Moments(options, gradientScale, 0, Slots[i].Steps.ToScalar()), Slots[i].Group.WeightDecay);
        }

        // The step's length is known only after all of a tensor's direction: moments and norms first, then the update.
        FusedUpdate.Run(this, rules);
        var body = new NormBody(this, rules, partial);
        WorkerPool.Shared.For(partial.Length, ref body);
        Scale(lr);
        FusedUpdate.Run(this, rules);
    }

    private void Scale(double lr)
    {
        for (int block = 0, i = 0; i < rules.Length; i++)
        {
            double parameter = 0, direction = 0;
            for (; block < partial!.Length && Partition.Blocks[block].Tensor == i; block++)
            {
                parameter += partial[block].Parameter;
                direction += partial[block].Direction;
            }

            ParameterGroup group = Slots[i].Group;
            double ratio = group.Adapt && parameter > 0 && direction > 0 ? Math.Sqrt(parameter) / Math.Sqrt(direction) : 1;
            rules[i] = rules[i].Second(lr * group.LrScale * ratio);
        }
    }

    private readonly unsafe struct NormBody(Lamb lamb, LambRule[] rules, (double Parameter, double Direction)[] partial) : IBlockBody
    {
        public void Invoke(int block)
        {
            Partition.Block b = lamb.Partition.Blocks[block];
            Slot slot = lamb.Slots[b.Tensor];
            if (!slot.Parameter.HasGradient || !slot.Group.Adapt)
            {
                partial[block] = default;
                return;
            }

            using Scratch direction = Scratch.Rent(b.Count);
            float* parameter = slot.Parameter.Data + b.Start;
            var action = new DirectionAction(rules[b.Tensor], parameter, slot.State[0].Data + b.Start, slot.State[1].Data + b.Start, direction.Data, b.Count);
            Width.Dispatch(ref action);
            partial[block] = (SquareSum.Of(parameter, b.Count), SquareSum.Of(direction.Data, b.Count));
        }
    }

    private readonly unsafe struct DirectionAction(LambRule rule, float* parameter, float* m, float* v, float* direction, int count) : IWidthAction
    {
        public void Invoke<V>()
            where V : struct, IVec<V>
        {
            int whole = count - (count % V.Count);
            Span<V>(0, whole);
            Span<V1>(whole, count);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Span<V>(int start, int end)
            where V : struct, IVec<V>
        {
            for (int i = start; i < end; i += V.Count)
            {
                rule.Direction(V.Load(parameter + i), V.Load(m + i), V.Load(v + i)).Store(direction + i);
            }
        }
    }
}

/// <summary>First pass: the moments. Second pass, with a step length: the parameter.</summary>
internal readonly struct LambRule : IUpdateRule
{
    private readonly Moments moments;
    private readonly float decay, minusLr;
    private readonly bool second;

    public LambRule(Moments moments, double decay)
    {
        this.moments = moments;
        this.decay = (float)decay;
    }

    private LambRule(LambRule first, double lr)
    {
        this = first;
        minusLr = (float)-lr;
        second = true;
    }

    public static int States => 2;

    public LambRule Second(double lr) => new(this, lr);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Direction<V>(V parameter, V m, V v)
        where V : struct, IVec<V> => V.Fma(V.Broadcast(decay), parameter, moments.Direction(m, v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<V>(ref V parameter, V gradient, ref V m, ref V v)
        where V : struct, IVec<V>
    {
        if (second)
        {
            parameter = V.Fma(V.Broadcast(minusLr), Direction(parameter, m, v), parameter);
        }
        else
        {
            moments.Update(parameter, gradient, ref m, ref v);
        }
    }
}
