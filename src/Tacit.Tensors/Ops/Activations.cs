using Tacit.Tensors.Simd;

namespace Tacit.Tensors;

public static partial class Ops
{
    /// <summary>max(x, 0).</summary>
    public static Tensor Relu(Tensor x) => Unary.Apply<ReluOp>(x);

    /// <summary>x where positive, slope * x elsewhere.</summary>
    public static Tensor LeakyRelu(Tensor x, float slope = 0.01f) => Unary.Apply(x, new LeakyReluOp(slope));

    /// <summary>x Φ(x) with the exact normal distribution function.</summary>
    /// <remarks>Hendrycks and Gimpel 2016, arXiv:1606.08415.</remarks>
    public static Tensor Gelu(Tensor x) => Unary.Apply<GeluOp>(x);

    /// <summary>GELU's approximation x/2 (1 + tanh(√(2/π) (x + 0.044715 x³))).</summary>
    public static Tensor GeluTanh(Tensor x) => Unary.Apply<GeluTanhOp>(x);

    /// <summary>x σ(x), also called swish.</summary>
    public static Tensor Silu(Tensor x) => Unary.Apply<SiluOp>(x);

    public static Tensor Tanh(Tensor x) => Unary.Apply<TanhOp>(x);

    /// <summary>1 / (1 + e^-x).</summary>
    public static Tensor Sigmoid(Tensor x) => Unary.Apply<SigmoidOp>(x);

    private readonly struct ReluOp : IUnary
    {
        public static string Name => "Relu";

        public static Saved Saves => Saved.Output;

        public V Forward<V>(V x)
            where V : struct, IVec<V> => V.Max(x, V.Zero);

        public V Backward<V>(V y, V dy)
            where V : struct, IVec<V> => V.Select(V.Greater(y, V.Zero), dy, V.Zero);
    }

    private readonly struct LeakyReluOp(float slope) : IUnary
    {
        public static string Name => "LeakyRelu";

        public static Saved Saves => Saved.Input;

        public V Forward<V>(V x)
            where V : struct, IVec<V> => V.Select(V.Greater(x, V.Zero), x, x * V.Broadcast(slope));

        public V Backward<V>(V x, V dy)
            where V : struct, IVec<V> => V.Select(V.Greater(x, V.Zero), dy, dy * V.Broadcast(slope));
    }

    private readonly struct GeluOp : IUnary
    {
        public static string Name => "Gelu";

        public static Saved Saves => Saved.Input;

        public V Forward<V>(V x)
            where V : struct, IVec<V> => x * VecMath.NormalCdf(x, out _);

        // d(xΦ)/dx = Φ + xφ
        public V Backward<V>(V x, V dy)
            where V : struct, IVec<V>
        {
            V cdf = VecMath.NormalCdf(x, out V bell);
            return dy * V.Fma(x * V.Broadcast(0.398942280f), bell, cdf);
        }
    }

    private readonly struct GeluTanhOp : IUnary
    {
        private const float Root = 0.797884561f;    // √(2/π)
        private const float Cubic = 0.044715f;

        public static string Name => "GeluTanh";

        public static Saved Saves => Saved.Input;

        // (1 + tanh u) / 2 = σ(2u), which keeps its precision where tanh u is near -1.
        public V Forward<V>(V x)
            where V : struct, IVec<V> => x * VecMath.Sigmoid(TwiceInner(x, x * x));

        public V Backward<V>(V x, V dy)
            where V : struct, IVec<V>
        {
            V square = x * x;
            V s = VecMath.Sigmoid(TwiceInner(x, square));
            V slope = V.Broadcast(2 * Root) * V.Fma(square, V.Broadcast(3 * Cubic), V.Broadcast(1));
            // Beyond |x| = 12 the sigmoid is 0 or 1 and its slope 0; the square may overflow there.
            V bend = V.Select(V.Greater(V.Abs(x), V.Broadcast(12)), V.Zero, x * slope * s * (V.Broadcast(1) - s));
            return dy * (s + bend);
        }

        private static V TwiceInner<V>(V x, V square)
            where V : struct, IVec<V> => V.Broadcast(2 * Root) * x * V.Fma(square, V.Broadcast(Cubic), V.Broadcast(1));
    }

    private readonly struct SiluOp : IUnary
    {
        public static string Name => "Silu";

        public static Saved Saves => Saved.Input;

        public V Forward<V>(V x)
            where V : struct, IVec<V> => x * VecMath.Sigmoid(x);

        public V Backward<V>(V x, V dy)
            where V : struct, IVec<V>
        {
            V s = VecMath.Sigmoid(x);
            return dy * s * V.Fma(x, V.Broadcast(1) - s, V.Broadcast(1));
        }
    }

    private readonly struct TanhOp : IUnary
    {
        public static string Name => "Tanh";

        public static Saved Saves => Saved.Output;

        public V Forward<V>(V x)
            where V : struct, IVec<V> => VecMath.Tanh(x);

        public V Backward<V>(V y, V dy)
            where V : struct, IVec<V> => dy * (V.Broadcast(1) - (y * y));
    }

    private readonly struct SigmoidOp : IUnary
    {
        public static string Name => "Sigmoid";

        public static Saved Saves => Saved.Output;

        public V Forward<V>(V x)
            where V : struct, IVec<V> => VecMath.Sigmoid(x);

        public V Backward<V>(V y, V dy)
            where V : struct, IVec<V> => dy * y * (V.Broadcast(1) - y);
    }
}
