namespace Tacit.Tensors;

/// <summary>
/// How two shapes broadcast to a common one (numpy's rule), with neighbouring axes that move alike joined to one.
/// Strides of an operand are 0 along the axes that it is repeated over.
/// </summary>
internal unsafe struct Broadcast
{
    private fixed int size[Shape.MaxRank];
    private fixed int strideA[Shape.MaxRank];
    private fixed int strideB[Shape.MaxRank];

    /// <summary>Number of axes left; axis 0 is the innermost.</summary>
    public int Axes;

    public Shape Shape;

    public readonly int Inner => size[0];

    public readonly int Rows => Shape.Length / Math.Max(1, Inner);

    public readonly int InnerStrideA => strideA[0];

    public readonly int InnerStrideB => strideB[0];

    public readonly int Size(int axis) => size[axis];

    /// <summary>Whether the first (otherwise the second) operand runs along an axis rather than being repeated.</summary>
    public readonly bool Moves(bool first, int axis) => (first ? strideA[axis] : strideB[axis]) != 0;

    public static Broadcast Of(string op, Shape a, Shape b)
    {
        var plan = default(Broadcast);
        int rank = Math.Max(a.Rank, b.Rank);
        Span<int> dims = stackalloc int[rank];
        int stepA = 1, stepB = 1;
        plan.Axes = 0;
        for (int back = 1; back <= rank; back++)
        {
            int sizeA = back <= a.Rank ? a[-back] : 1;
            int sizeB = back <= b.Rank ? b[-back] : 1;
            if (sizeA != sizeB && sizeA != 1 && sizeB != 1)
            {
                throw ShapeException.Mismatch(op, a, b, $"axis -{back} is {sizeA} against {sizeB}, and neither is 1");
            }

            int n = sizeA == 1 ? sizeB : sizeA;
            dims[rank - back] = n;
            plan.Push(n, sizeA == 1 ? 0 : stepA, sizeB == 1 ? 0 : stepB);
            stepA *= sizeA;
            stepB *= sizeB;
        }

        if (plan.Axes == 0)
        {
            plan.size[0] = 1;
            plan.Axes = 1;
        }

        plan.Shape = new Shape(dims);
        return plan;
    }

    /// <summary>Where a row along the innermost axis begins in both operands.</summary>
    public readonly void Locate(int row, out int a, out int b)
    {
        a = 0;
        b = 0;
        for (int axis = 1; axis < Axes - 1; axis++)
        {
            int rest = row / size[axis];
            int i = row - (rest * size[axis]);
            a += i * strideA[axis];
            b += i * strideB[axis];
            row = rest;
        }

        if (Axes > 1)
        {
            a += row * strideA[Axes - 1];
            b += row * strideB[Axes - 1];
        }
    }

    private void Push(int n, int a, int b)
    {
        if (n == 1)
        {
            return;
        }

        int last = Axes - 1;
        if (Axes > 0 && a == size[last] * strideA[last] && b == size[last] * strideB[last])
        {
            size[last] *= n;
            return;
        }

        size[Axes] = n;
        strideA[Axes] = a;
        strideB[Axes] = b;
        Axes++;
    }
}
