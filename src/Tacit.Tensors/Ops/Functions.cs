using Tacit.Tensors.Simd;

namespace Tacit.Tensors;

/// <summary>The operators: each computes a new tensor and, inside a gradient scope, records how to go back.</summary>
public static partial class Ops
{
    public static Tensor Add(Tensor a, float b) => Unary.Apply(a, new AffineOp(1, b));

    public static Tensor Subtract(Tensor a, float b) => Unary.Apply(a, new AffineOp(1, -b));

    public static Tensor Subtract(float a, Tensor b) => Unary.Apply(b, new AffineOp(-1, a));

    public static Tensor Multiply(Tensor a, float b) => Unary.Apply(a, new AffineOp(b, 0));

    public static Tensor Divide(Tensor a, float b) => Unary.Apply(a, new AffineOp(1 / b, 0));

    public static Tensor Negate(Tensor x) => Unary.Apply(x, new AffineOp(-1, 0));

    /// <summary>e^x.</summary>
    public static Tensor Exp(Tensor x) => Unary.Apply<ExpOp>(x);

    /// <summary>The natural logarithm; -infinity at 0, NaN below.</summary>
    public static Tensor Log(Tensor x) => Unary.Apply<LogOp>(x);

    public static Tensor Sqrt(Tensor x) => Unary.Apply<SqrtOp>(x);

    public static Tensor Square(Tensor x) => Unary.Apply<SquareOp>(x);

    /// <summary>|x|, with gradient 0 at 0.</summary>
    public static Tensor Abs(Tensor x) => Unary.Apply<AbsOp>(x);

    /// <summary>x held to [low, high]; no gradient outside.</summary>
    public static Tensor Clamp(Tensor x, float low, float high)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(low, high);
        return Unary.Apply(x, new ClampOp(low, high));
    }

    /// <summary>x²/(2β) where |x| is below β, |x| - β/2 beyond: a square that large errors do not rule (torch's smooth_l1_loss of one number).</summary>
    public static Tensor SmoothL1(Tensor x, float beta = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(beta);
        return Unary.Apply(x, new SmoothL1Op(beta));
    }

    private readonly struct AffineOp(float scale, float shift) : IUnary
    {
        public static string Name => "Affine";

        public static Saved Saves => Saved.Nothing;

        public V Forward<V>(V x)
            where V : struct, IVec<V> => V.Fma(x, V.Broadcast(scale), V.Broadcast(shift));

        public V Backward<V>(V saved, V dy)
            where V : struct, IVec<V> => dy * V.Broadcast(scale);
    }

    private readonly struct ExpOp : IUnary
    {
        public static string Name => "Exp";

        public static Saved Saves => Saved.Output;

        public V Forward<V>(V x)
            where V : struct, IVec<V> => VecMath.Exp(x);

        public V Backward<V>(V y, V dy)
            where V : struct, IVec<V> => dy * y;
    }

    private readonly struct LogOp : IUnary
    {
        public static string Name => "Log";

        public static Saved Saves => Saved.Input;

        public V Forward<V>(V x)
            where V : struct, IVec<V> => VecMath.Log(x);

        public V Backward<V>(V x, V dy)
            where V : struct, IVec<V> => dy / x;
    }

    private readonly struct SqrtOp : IUnary
    {
        public static string Name => "Sqrt";

        public static Saved Saves => Saved.Output;

        public V Forward<V>(V x)
            where V : struct, IVec<V> => V.Sqrt(x);

        public V Backward<V>(V y, V dy)
            where V : struct, IVec<V> => dy * V.Broadcast(0.5f) / y;
    }

    private readonly struct SquareOp : IUnary
    {
        public static string Name => "Square";

        public static Saved Saves => Saved.Input;

        public V Forward<V>(V x)
            where V : struct, IVec<V> => x * x;

        public V Backward<V>(V x, V dy)
            where V : struct, IVec<V> => dy * (x + x);
    }

    private readonly struct AbsOp : IUnary
    {
        public static string Name => "Abs";

        public static Saved Saves => Saved.Input;

        public V Forward<V>(V x)
            where V : struct, IVec<V> => V.Abs(x);

        public V Backward<V>(V x, V dy)
            where V : struct, IVec<V> =>
            V.Select(V.Greater(x, V.Zero), dy, V.Select(V.Greater(V.Zero, x), V.Zero - dy, V.Zero));
    }

    private readonly struct ClampOp(float low, float high) : IUnary
    {
        public static string Name => "Clamp";

        public static Saved Saves => Saved.Input;

        public V Forward<V>(V x)
            where V : struct, IVec<V> => V.Min(V.Max(x, V.Broadcast(low)), V.Broadcast(high));

        public V Backward<V>(V x, V dy)
            where V : struct, IVec<V> =>
            V.Select(V.Greater(V.Broadcast(low), x), V.Zero, V.Select(V.Greater(x, V.Broadcast(high)), V.Zero, dy));
    }

    private readonly struct SmoothL1Op(float beta) : IUnary
    {
        public static string Name => "SmoothL1";

        public static Saved Saves => Saved.Input;

        public V Forward<V>(V x)
            where V : struct, IVec<V> =>
            V.Select(V.Greater(V.Abs(x), V.Broadcast(beta)), V.Abs(x) - V.Broadcast(beta / 2), x * x * V.Broadcast(0.5f / beta));

        // x/β, held to ±1.
        public V Backward<V>(V x, V dy)
            where V : struct, IVec<V> =>
            dy * V.Min(V.Max(x * V.Broadcast(1 / beta), V.Broadcast(-1)), V.Broadcast(1));
    }
}
