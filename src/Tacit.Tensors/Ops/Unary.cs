using System.Runtime.CompilerServices;
using Tacit.Tensors.Simd;

namespace Tacit.Tensors;

/// <summary>What a unary operator's backward reads.</summary>
internal enum Saved
{
    Nothing,
    Input,
    Output,
}

/// <summary>An element-wise function of one number. Implementations are tiny structs; loops and node are written once.</summary>
internal interface IUnary
{
    static abstract string Name { get; }

    static abstract Saved Saves { get; }

    V Forward<V>(V x)
        where V : struct, IVec<V>;

    /// <summary>dx from dy and the number that the operator saved.</summary>
    V Backward<V>(V saved, V dy)
        where V : struct, IVec<V>;
}

internal static unsafe class Unary
{
    public static Tensor Apply<TOp>(Tensor x, TOp op = default)
        where TOp : struct, IUnary
    {
        Tensor y = Tensor.Empty(x.Shape);
        Blocks.Run(Blocks.Count(x.Length), new Forward<TOp>(op, x.Data, y.Data, x.Length));
        if (Tape.Wants(x, TOp.Name))
        {
            Tape.Add(new UnaryNode<TOp>(op, x, y));
        }

        return y;
    }

    private readonly struct Forward<TOp>(TOp op, float* x, float* y, int length) : IBlockKernel
        where TOp : struct, IUnary
    {
        public void Invoke<V>(int block)
            where V : struct, IVec<V> => Loop<V>(op, x, y, block * Blocks.Length, Blocks.End(block, length));

        // Inlined further up, an operator's formula would exceed what the compiler inlines into one method and run call by call.
        [MethodImpl(MethodImplOptions.NoInlining)]
        private static void Loop<V>(TOp op, float* x, float* y, int i, int end)
            where V : struct, IVec<V>
        {
            for (; i < end; i += V.Count)
            {
                RowMath.Put(op.Forward(V.Load(x + i)), y + i, false, end - i);
            }
        }
    }
}

internal sealed unsafe class UnaryNode<TOp>(TOp op, Tensor x, Tensor y) : Node(TOp.Name, y)
    where TOp : struct, IUnary
{
    public override void Backward()
    {
        float* saved = (TOp.Saves == Saved.Output ? Output : x).Data;
        float* dy = Output.GradientData;
        Gradient dx = x.GradientTarget();
        Blocks.Run(Blocks.Count(x.Length), new Kernel(op, saved, dy, dx.Data, dx.Add, x.Length));
    }

    private readonly struct Kernel(TOp op, float* saved, float* dy, float* dx, bool add, int length) : IBlockKernel
    {
        public void Invoke<V>(int block)
            where V : struct, IVec<V> =>
            Loop<V>(op, saved, dy, dx, add, block * Blocks.Length, Blocks.End(block, length));

        [MethodImpl(MethodImplOptions.NoInlining)]
        private static void Loop<V>(TOp op, float* saved, float* dy, float* dx, bool add, int i, int end)
            where V : struct, IVec<V>
        {
            for (; i < end; i += V.Count)
            {
                V s = TOp.Saves == Saved.Nothing ? V.Zero : V.Load(saved + i);
                RowMath.Put(op.Backward(s, V.Load(dy + i)), dx + i, add, end - i);
            }
        }
    }
}
