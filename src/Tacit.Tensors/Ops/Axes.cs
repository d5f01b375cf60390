namespace Tacit.Tensors;

/// <summary>Axis arithmetic that operators share.</summary>
internal static class Axes
{
    /// <summary>An axis counted from the front; negative ones count from the last.</summary>
    public static int Resolve(string op, Shape shape, int axis)
    {
        int resolved = axis < 0 ? axis + shape.Rank : axis;
        return (uint)resolved < (uint)shape.Rank
            ? resolved
            : throw ShapeException.Unfit(op, shape, $"axis {axis} does not exist");
    }

    /// <summary>The shape with an axis taken away or kept with size 1.</summary>
    public static Shape Without(Shape shape, int axis, bool keep)
    {
        if (keep)
        {
            return shape.With(axis, 1);
        }

        Span<int> dims = stackalloc int[shape.Rank - 1];
        for (int i = 0, j = 0; i < shape.Rank; i++)
        {
            if (i != axis)
            {
                dims[j++] = shape[i];
            }
        }

        return new Shape(dims);
    }
}
