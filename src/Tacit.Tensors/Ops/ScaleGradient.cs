using Tacit.Tensors.Simd;

namespace Tacit.Tensors;

public static partial class Ops
{
    /// <summary>x itself, whose gradient is multiplied by a factor on its way back: what lies before it learns more slowly.</summary>
    public static Tensor ScaleGradient(Tensor x, float factor) => Unary.Apply(x, new ScaleGradientOp(factor));

    private readonly struct ScaleGradientOp(float factor) : IUnary
    {
        public static string Name => "ScaleGradient";

        public static Saved Saves => Saved.Nothing;

        public V Forward<V>(V x)
            where V : struct, IVec<V> => x;

        public V Backward<V>(V x, V dy)
            where V : struct, IVec<V> => dy * V.Broadcast(factor);
    }
}
