using Tacit.Tensors.Simd;

namespace Tacit.Tensors;

public static partial class Ops
{
    /// <summary>a + b, broadcast as numpy does.</summary>
    public static Tensor Add(Tensor a, Tensor b) => Binary.Apply<AddOp>(a, b);

    /// <summary>a - b, broadcast as numpy does.</summary>
    public static Tensor Subtract(Tensor a, Tensor b) => Binary.Apply<SubtractOp>(a, b);

    /// <summary>a * b element by element, broadcast as numpy does.</summary>
    public static Tensor Multiply(Tensor a, Tensor b) => Binary.Apply<MultiplyOp>(a, b);

    /// <summary>a / b element by element, broadcast as numpy does.</summary>
    public static Tensor Divide(Tensor a, Tensor b) => Binary.Apply<DivideOp>(a, b);

    /// <summary>max(a + b, 0) in one pass: the end of a residual block.</summary>
    public static Tensor AddRelu(Tensor a, Tensor b) => Binary.Apply<AddReluOp>(a, b);

    private readonly struct AddOp : IBinary
    {
        public static string Name => "Add";

        public static bool PassesGradient(bool first) => true;

        public V Forward<V>(V a, V b)
            where V : struct, IVec<V> => a + b;

        public V BackwardFirst<V>(V a, V b, V dy)
            where V : struct, IVec<V> => dy;

        public V BackwardSecond<V>(V a, V b, V dy)
            where V : struct, IVec<V> => dy;
    }

    private readonly struct SubtractOp : IBinary
    {
        public static string Name => "Subtract";

        public static bool PassesGradient(bool first) => first;

        public V Forward<V>(V a, V b)
            where V : struct, IVec<V> => a - b;

        public V BackwardFirst<V>(V a, V b, V dy)
            where V : struct, IVec<V> => dy;

        public V BackwardSecond<V>(V a, V b, V dy)
            where V : struct, IVec<V> => V.Zero - dy;
    }

    private readonly struct MultiplyOp : IBinary
    {
        public static string Name => "Multiply";

        public static bool PassesGradient(bool first) => false;

        public V Forward<V>(V a, V b)
            where V : struct, IVec<V> => a * b;

        public V BackwardFirst<V>(V a, V b, V dy)
            where V : struct, IVec<V> => dy * b;

        public V BackwardSecond<V>(V a, V b, V dy)
            where V : struct, IVec<V> => dy * a;
    }

    private readonly struct DivideOp : IBinary
    {
        public static string Name => "Divide";

        public static bool PassesGradient(bool first) => false;

        public V Forward<V>(V a, V b)
            where V : struct, IVec<V> => a / b;

        public V BackwardFirst<V>(V a, V b, V dy)
            where V : struct, IVec<V> => dy / b;

        public V BackwardSecond<V>(V a, V b, V dy)
            where V : struct, IVec<V> => V.Zero - (dy * (a / b) / b);
    }

    private readonly struct AddReluOp : IBinary
    {
        public static string Name => "AddRelu";

        public static bool PassesGradient(bool first) => false;

        public V Forward<V>(V a, V b)
            where V : struct, IVec<V> => V.Max(a + b, V.Zero);

        public V BackwardFirst<V>(V a, V b, V dy)
            where V : struct, IVec<V> => V.Select(V.Greater(a + b, V.Zero), dy, V.Zero);

        public V BackwardSecond<V>(V a, V b, V dy)
            where V : struct, IVec<V> => BackwardFirst(a, b, dy);
    }
}
