using Tacit.Tensors.Simd;

namespace Tacit.Tensors;

public static unsafe partial class Ops
{
    /// <summary>The sum of all numbers, a scalar.</summary>
    public static Tensor Sum(Tensor x) => Reduce("Sum", x, new Shape(), 1, x.Length, 1, 1);

    /// <summary>The mean of all numbers, a scalar.</summary>
    public static Tensor Mean(Tensor x) => Reduce("Mean", x, new Shape(), 1, x.Length, 1, 1f / x.Length);

    /// <summary>The sum along an axis, which goes away or stays with size 1.</summary>
    public static Tensor Sum(Tensor x, int axis, bool keepAxis = false) => Along("Sum", x, axis, keepAxis, mean: false);

    /// <summary>The mean along an axis, which goes away or stays with size 1.</summary>
    public static Tensor Mean(Tensor x, int axis, bool keepAxis = false) => Along("Mean", x, axis, keepAxis, mean: true);

    /// <summary>The mean over every place of a picture: [N, H, W, C] (or [N, T, C]) to [N, C].</summary>
    public static Tensor GlobalAveragePool(Tensor x)
    {
        if (x.Rank < 3)
        {
            throw ShapeException.Unfit("GlobalAveragePool", x.Shape, "it needs a leading axis of items, axes of places and a last axis of channels");
        }

        int places = x.Shape.Product(1, x.Rank - 1);
        return Reduce("GlobalAveragePool", x, new Shape(x.Shape[0], x.Shape[-1]), x.Shape[0], places, x.Shape[-1], 1f / places);
    }

    private static Tensor Along(string op, Tensor x, int axis, bool keepAxis, bool mean)
    {
        axis = Axes.Resolve(op, x.Shape, axis);
        int n = x.Shape[axis];
        return Reduce(op, x, Axes.Without(x.Shape, axis, keepAxis), x.Shape.Product(0, axis), n, x.Shape.Product(axis + 1, x.Rank), mean ? 1f / n : 1);
    }

    private static Tensor Reduce(string op, Tensor x, Shape shape, int outer, int n, int inner, float scale)
    {
        Tensor y = Tensor.Empty(shape);
        Reduction.Sum(x.Data, outer, n, inner, scale, new Gradient((nint)y.Data, false));
        if (Tape.Wants(x, op))
        {
            Tape.Add(new ReduceNode(op, x, y, outer, n, inner, scale));
        }

        return y;
    }

    private sealed class ReduceNode(string op, Tensor x, Tensor y, int outer, int n, int inner, float scale) : Node(op, y)
    {
        public override void Backward() => Spread(Output.GradientData, outer, n, inner, scale, x.GradientTarget());
    }

    /// <summary>target[o, r, i] (+)= scale * dy[o, i].</summary>
    private static void Spread(float* dy, int outer, int n, int inner, float scale, Gradient target)
    {
        Broadcast plan = Broadcast.Of("Spread", new Shape(outer, n, inner), new Shape(outer, 1, inner));
        Binary.Run<SpreadOp, Binary.ForwardPart>(plan, new SpreadOp(scale), target.Data, dy, null, target.Data, target.Add);
    }

    private readonly struct SpreadOp(float scale) : IBinary
    {
        public static string Name => "Spread";

        public static bool PassesGradient(bool first) => false;

        public V Forward<V>(V a, V b)
            where V : struct, IVec<V> => b * V.Broadcast(scale);

        public V BackwardFirst<V>(V a, V b, V dy)
            where V : struct, IVec<V> => V.Zero;

        public V BackwardSecond<V>(V a, V b, V dy)
            where V : struct, IVec<V> => dy * V.Broadcast(scale);
    }
}
