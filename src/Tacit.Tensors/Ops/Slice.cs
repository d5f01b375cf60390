namespace Tacit.Tensors;

public static unsafe partial class Ops
{
    /// <summary>Places start … start + count - 1 of an axis; along the leading axis a view, elsewhere a copy.</summary>
    public static Tensor Slice(Tensor x, int axis, int start, int count)
    {
        axis = Axes.Resolve("Slice", x.Shape, axis);
        if (start < 0 || count < 0 || start + (long)count > x.Shape[axis])
        {
            throw ShapeException.Unfit("Slice", x.Shape, $"places {start} to {start + (long)count - 1} are outside axis {axis}");
        }

        if (axis == 0)
        {
            return x.Rows(start, count);
        }

        Tensor y = Tensor.Empty(x.Shape.With(axis, count));
        int outer = x.Shape.Product(0, axis), inner = x.Shape.Product(axis + 1, x.Rank);
        Runs.Copy(x.Data + ((long)start * inner), (long)x.Shape[axis] * inner, y.Data, (long)count * inner, outer, count * inner, add: false);
        if (Tape.Wants(x))
        {
            Tape.Add(new SliceNode(x, y, axis, start));
        }

        return y;
    }

    /// <summary>More places before and after an axis, filled with one value.</summary>
    public static Tensor Pad(Tensor x, int axis, int before, int after, float value = 0)
    {
        axis = Axes.Resolve("Pad", x.Shape, axis);
        if (before < 0 || after < 0)
        {
            throw ShapeException.Unfit("Pad", x.Shape, $"axis {axis} cannot grow by {before} and {after} places");
        }

        int n = x.Shape[axis], size = checked(n + before + after);
        int outer = x.Shape.Product(0, axis), inner = x.Shape.Product(axis + 1, x.Rank);
        Tensor y = Tensor.Full(x.Shape.With(axis, size), value);
        Runs.Copy(x.Data, (long)n * inner, y.Data + ((long)before * inner), (long)size * inner, outer, n * inner, add: false);
        if (Tape.Wants(x))
        {
            Tape.Add(new PadNode(x, y, axis, before));
        }

        return y;
    }

    private sealed class SliceNode(Tensor x, Tensor y, int axis, int start) : Node("Slice", y)
    {
        public override void Backward()
        {
            int outer = x.Shape.Product(0, axis), inner = x.Shape.Product(axis + 1, x.Rank), count = Output.Shape[axis];
            Gradient g = x.GradientTarget();
            if (!g.Add)
            {
                new Span<float>(g.Data, x.Length).Clear();
            }

            Runs.Copy(
                Output.GradientData, (long)count * inner, g.Data + ((long)start * inner), (long)x.Shape[axis] * inner, outer, count * inner, add: true);
        }
    }

    private sealed class PadNode(Tensor x, Tensor y, int axis, int before) : Node("Pad", y)
    {
        public override void Backward()
        {
            int outer = x.Shape.Product(0, axis), inner = x.Shape.Product(axis + 1, x.Rank), n = x.Shape[axis];
            Gradient g = x.GradientTarget();
            Runs.Copy(
                Output.GradientData + ((long)before * inner), (long)Output.Shape[axis] * inner, g.Data, (long)n * inner, outer, n * inner, g.Add);
        }
    }
}
