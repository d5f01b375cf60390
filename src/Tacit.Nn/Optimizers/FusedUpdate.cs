using System.Runtime.CompilerServices;
using Tacit.Tensors;
using Tacit.Tensors.Simd;

namespace Tacit.Nn;

/// <summary>The arithmetic of one optimiser for one register of numbers; its fields are one parameter's constants.</summary>
internal interface IUpdateRule
{
    /// <summary>State tensors the rule keeps: 1 or 2.</summary>
    static abstract int States { get; }

    void Apply<V>(ref V parameter, V gradient, ref V state0, ref V state1)
        where V : struct, IVec<V>;
}

/// <summary>Reads parameter, gradient and state once, applies a rule, writes parameter and state once.</summary>
internal static unsafe class FusedUpdate
{
    /// <param name="optimizer">Its parameters and state.</param>
    /// <param name="rules">One for each parameter; those of parameters without a gradient are not used.</param>
    public static void Run<TRule>(Optimizer optimizer, TRule[] rules)
        where TRule : struct, IUpdateRule
    {
        var body = new Body<TRule>(optimizer, rules);
        WorkerPool.Shared.For(optimizer.Partition.Blocks.Length, ref body);
    }

    private readonly struct Body<TRule>(Optimizer optimizer, TRule[] rules) : IBlockBody
        where TRule : struct, IUpdateRule
    {
        public void Invoke(int block)
        {
            Partition.Block b = optimizer.Partition.Blocks[block];
            Optimizer.Slot slot = optimizer.Slots[b.Tensor];
            if (slot.Parameter.HasGradient)
            {
                float* parameter = slot.Parameter.Data + b.Start;
                float* state0 = slot.State[0].Data + b.Start;
                float* state1 = TRule.States > 1 ? slot.State[1].Data + b.Start : state0;
                var action = new Action<TRule>(rules[b.Tensor], parameter, slot.Parameter.GradientData + b.Start, state0, state1, b.Count);
                Width.Dispatch(ref action);
            }
        }
    }

    private readonly struct Action<TRule>(TRule rule, float* parameter, float* gradient, float* state0, float* state1, int count) : IWidthAction
        where TRule : struct, IUpdateRule
    {
        public void Invoke<V>()
            where V : struct, IVec<V>
        {
            // Whole registers, then what is left one number at a time.
            int whole = count - (count % V.Count);
            Span<V>(0, whole);
            Span<V1>(whole, count);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Span<V>(int start, int end)
            where V : struct, IVec<V>
        {
            TRule local = rule;
            for (int i = start; i < end; i += V.Count)
            {
                V p = V.Load(parameter + i);
                V s0 = V.Load(state0 + i);
                V s1 = TRule.States > 1 ? V.Load(state1 + i) : V.Zero;
                local.Apply(ref p, V.Load(gradient + i), ref s0, ref s1);
                p.Store(parameter + i);
                s0.Store(state0 + i);
                if (TRule.States > 1)
                {
                    s1.Store(state1 + i);
                }
            }
        }
    }
}
