using Tacit.Tensors.Simd;

namespace Tacit.Tensors;

/// <summary>An element-wise function of two numbers.</summary>
internal interface IBinary
{
    static abstract string Name { get; }

    /// <summary>Whether the operand's gradient is dy itself, so that backward need not compute it apart.</summary>
    static abstract bool PassesGradient(bool first);

    V Forward<V>(V a, V b)
        where V : struct, IVec<V>;

    V BackwardFirst<V>(V a, V b, V dy)
        where V : struct, IVec<V>;

    V BackwardSecond<V>(V a, V b, V dy)
        where V : struct, IVec<V>;
}

internal static unsafe class Binary
{
    public static Tensor Apply<TOp>(Tensor a, Tensor b, TOp op = default)
        where TOp : struct, IBinary
    {
        Broadcast plan = Broadcast.Of(TOp.Name, a.Shape, b.Shape);
        Tensor y = Tensor.Empty(plan.Shape);
        Run<TOp, ForwardPart>(plan, op, a.Data, b.Data, null, y.Data, add: false);
        if (Tape.Wants(a, b, TOp.Name))
        {
            Tape.Add(new BinaryNode<TOp>(plan, op, a, b, y));
        }

        return y;
    }

    /// <summary>Computes one of the operator's three functions over the common shape.</summary>
    public static void Run<TOp, TPart>(in Broadcast plan, TOp op, float* a, float* b, float* dy, float* result, bool add)
        where TOp : struct, IBinary
        where TPart : struct, IPart
    {
        int chunks = Blocks.Count(plan.Inner);
        int rows = Blocks.RowsOf(plan.Inner);
        int count = chunks > 1 ? plan.Rows * chunks : Blocks.Count(plan.Rows, rows);
        Blocks.Run(plan.Shape.Length == 0 ? 0 : count, new Kernel<TOp, TPart>(plan, op, chunks, rows, a, b, dy, result, add));
    }

    internal interface IPart
    {
        static abstract bool ReadsGradient { get; }

        static abstract V Compute<TOp, V>(TOp op, V a, V b, V dy)
            where TOp : struct, IBinary
            where V : struct, IVec<V>;
    }

    internal readonly struct ForwardPart : IPart
    {
        public static bool ReadsGradient => false;

        public static V Compute<TOp, V>(TOp op, V a, V b, V dy)
            where TOp : struct, IBinary
            where V : struct, IVec<V> => op.Forward(a, b);
    }

    internal readonly struct FirstPart : IPart
    {
        public static bool ReadsGradient => true;

        public static V Compute<TOp, V>(TOp op, V a, V b, V dy)
            where TOp : struct, IBinary
            where V : struct, IVec<V> => op.BackwardFirst(a, b, dy);
    }

    internal readonly struct SecondPart : IPart
    {
        public static bool ReadsGradient => true;

        public static V Compute<TOp, V>(TOp op, V a, V b, V dy)
            where TOp : struct, IBinary
            where V : struct, IVec<V> => op.BackwardSecond(a, b, dy);
    }

    // A block is some rows of the innermost axis or, where that is long, a chunk of one row.
    private readonly struct Kernel<TOp, TPart>(Broadcast plan, TOp op, int chunks, int rows, float* a, float* b, float* dy, float* result, bool add)
        : IBlockKernel
        where TOp : struct, IBinary
        where TPart : struct, IPart
    {
        public void Invoke<V>(int block)
            where V : struct, IVec<V>
        {
            int first = chunks > 1 ? block / chunks : block * rows;
            int last = chunks > 1 ? first + 1 : first + Math.Min(rows, plan.Rows - first);
            int start = chunks > 1 ? block % chunks * Blocks.Length : 0;
            int length = Math.Min(Blocks.Length, plan.Inner - start);
            for (int row = first; row < last; row++)
            {
                plan.Locate(row, out int offsetA, out int offsetB);
                float* rowA = a + offsetA + ((long)start * plan.InnerStrideA);
                float* rowB = b + offsetB + ((long)start * plan.InnerStrideB);
                long at = ((long)row * plan.Inner) + start;
                float* gradient = TPart.ReadsGradient ? dy + at : null;
                if (plan.InnerStrideB == 0)
                {
                    Repeated<V>(op, rowA, *rowB, plan.InnerStrideA == 0, gradient, result + at, add, length);
                }
                else if (plan.InnerStrideA == 0)
                {
                    RepeatedFirst<V>(op, *rowA, rowB, gradient, result + at, add, length);
                }
                else
                {
                    Both<V>(op, rowA, rowB, gradient, result + at, add, length);
                }
            }
        }

        private static void Both<V>(TOp op, float* a, float* b, float* dy, float* y, bool add, int length)
            where V : struct, IVec<V>
        {
            for (int i = 0; i < length; i += V.Count)
            {
                V d = TPart.ReadsGradient ? V.Load(dy + i) : V.Zero;
                RowMath.Put(TPart.Compute(op, V.Load(a + i), V.Load(b + i), d), y + i, add, length - i);
            }
        }

        private static void Repeated<V>(TOp op, float* a, float b, bool both, float* dy, float* y, bool add, int length)
            where V : struct, IVec<V>
        {
            V right = V.Broadcast(b);
            V left = V.Broadcast(*a);
            for (int i = 0; i < length; i += V.Count)
            {
                V d = TPart.ReadsGradient ? V.Load(dy + i) : V.Zero;
                RowMath.Put(TPart.Compute(op, both ? left : V.Load(a + i), right, d), y + i, add, length - i);
            }
        }

        private static void RepeatedFirst<V>(TOp op, float a, float* b, float* dy, float* y, bool add, int length)
            where V : struct, IVec<V>
        {
            V left = V.Broadcast(a);
            for (int i = 0; i < length; i += V.Count)
            {
                V d = TPart.ReadsGradient ? V.Load(dy + i) : V.Zero;
                RowMath.Put(TPart.Compute(op, left, V.Load(b + i), d), y + i, add, length - i);
            }
        }
    }
}

internal sealed unsafe class BinaryNode<TOp>(Broadcast plan, TOp op, Tensor a, Tensor b, Tensor y) : Node(TOp.Name, y)
    where TOp : struct, IBinary
{
    private readonly Broadcast plan = plan;

    public override void Backward()
    {
        if (a.RequiresGrad)
        {
            Into<Binary.FirstPart>(a, first: true);
        }

        if (b.RequiresGrad)
        {
            Into<Binary.SecondPart>(b, first: false);
        }
    }

    private void Into<TPart>(Tensor operand, bool first)
        where TPart : struct, Binary.IPart
    {
        float* dy = Output.GradientData;
        Gradient target = operand.GradientTarget();
        if (operand.Length == Output.Length)
        {
            Binary.Run<TOp, TPart>(plan, op, a.Data, b.Data, dy, target.Data, target.Add);
            return;
        }

        // The operand was repeated: its gradient is the sum over the axes that it was repeated along.
        float* full = dy;
        if (!TOp.PassesGradient(first))
        {
            full = Tensor.Empty(Output.Shape).Data;
            Binary.Run<TOp, TPart>(plan, op, a.Data, b.Data, dy, full, add: false);
        }

        Reduction.SumRepeated(plan, first, full, target);
    }
}
