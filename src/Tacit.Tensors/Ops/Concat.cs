namespace Tacit.Tensors;

public static unsafe partial class Ops
{
    /// <summary>Tensors one after the other along an axis; their other axes agree.</summary>
    public static Tensor Concat(int axis, params Tensor[] tensors)
    {
        if (tensors.Length == 0)
        {
            throw new ArgumentException("Concat: there is nothing to join.", nameof(tensors));
        }

        Shape first = tensors[0].Shape;
        axis = Axes.Resolve("Concat", first, axis);
        int total = 0;
        foreach (Tensor x in tensors)
        {
            if (x.Rank != first.Rank || x.Shape.With(axis, first[axis]) != first)
            {
                throw ShapeException.Mismatch("Concat", first, x.Shape, $"all axes but axis {axis} must agree");
            }

            total = checked(total + x.Shape[axis]);
        }

        Tensor y = Tensor.Empty(first.With(axis, total));
        int outer = first.Product(0, axis), inner = first.Product(axis + 1, first.Rank);
        long offset = 0;
        bool wanted = false;
        foreach (Tensor x in tensors)
        {
            int length = x.Shape[axis] * inner;
            Runs.Copy(x.Data, length, y.Data + offset, (long)total * inner, outer, length, add: false);
            offset += length;
            wanted |= Tape.Wants(x);
        }

        if (wanted)
        {
            Tape.Add(new ConcatNode([.. tensors], y, axis));
        }

        return y;
    }

    private sealed class ConcatNode(Tensor[] tensors, Tensor y, int axis) : Node("Concat", y)
    {
        public override void Backward()
        {
            Shape shape = Output.Shape;
            int outer = shape.Product(0, axis), inner = shape.Product(axis + 1, shape.Rank);
            long offset = 0;
            foreach (Tensor x in tensors)
            {
                int length = x.Shape[axis] * inner;
                if (x.RequiresGrad)
                {
                    Gradient g = x.GradientTarget();
                    Runs.Copy(Output.GradientData + offset, (long)shape[axis] * inner, g.Data, length, outer, length, g.Add);
                }

                offset += length;
            }
        }
    }
}
