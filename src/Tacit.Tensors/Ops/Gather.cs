using Tacit.Tensors.Simd;

namespace Tacit.Tensors;

public static unsafe partial class Ops
{
    /// <summary>Rows of the leading axis in the order asked for; a row may come more than once.</summary>
    /// <exception cref="ArgumentException">A row that does not exist.</exception>
    public static Tensor Gather(Tensor x, int[] rows) => Gather("Gather", x, rows);

    /// <summary>Row ids[i] of a table [V, D] for each i: [ids.Length, D].</summary>
    /// <exception cref="ArgumentException">An id that the table does not have.</exception>
    public static Tensor Embedding(Tensor table, int[] ids) =>
        table.Rank == 2 ? Gather("Embedding", table, ids) : throw ShapeException.Unfit("Embedding", table.Shape, "a table is [V, D]");

    /// <summary>A tensor of <paramref name="count"/> rows, where row rows[i] is the sum of all rows x[i] sent there, in their order.</summary>
    /// <exception cref="ArgumentException">A row outside 0 … count - 1.</exception>
    public static Tensor ScatterAdd(Tensor x, int[] rows, int count)
    {
        if (x.Rank == 0 || x.Shape[0] != rows.Length)
        {
            throw ShapeException.Mismatch("ScatterAdd", x.Shape, new Shape(rows.Length), "axis 0 needs one target for each row");
        }

        RequireRows("ScatterAdd", rows, count);
        Tensor y = Tensor.Empty(x.Shape.With(0, count));
        int width = x.Length / Math.Max(1, rows.Length);
        Scatter(x.Data, rows, count, width, new Gradient((nint)y.Data, false));
        if (Tape.Wants(x))
        {
            Tape.Add(new ScatterNode(x, y, [.. rows]));
        }

        return y;
    }

    private static Tensor Gather(string op, Tensor x, int[] rows)
    {
        if (x.Rank == 0)
        {
            throw ShapeException.Unfit(op, x.Shape, "a scalar has no rows");
        }

        RequireRows(op, rows, x.Shape[0]);
        Tensor y = Tensor.Empty(x.Shape.With(0, rows.Length));
        Pick(x.Data, rows, x.Length / Math.Max(1, x.Shape[0]), y.Data, add: false);
        if (Tape.Wants(x, op))
        {
            Tape.Add(new GatherNode(op, x, y, [.. rows]));
        }

        return y;
    }

    private static void RequireRows(string op, ReadOnlySpan<int> rows, int count)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            if ((uint)rows[i] >= (uint)count)
            {
                throw new ArgumentException($"{op}: index {i} is {rows[i]}, outside the {count} rows of axis 0.", nameof(rows));
            }
        }
    }

    /// <summary>y[i] (+)= x[rows[i]].</summary>
    private static void Pick(float* x, int[] rows, int width, float* y, bool add)
    {
        fixed (int* from = rows)
        {
            int size = Blocks.RowsOf(width);
            Blocks.Run(Blocks.Count(rows.Length, size), new PickKernel(x, from, rows.Length, width, size, y, add));
        }
    }

    /// <summary>target[r] (+)= Σ x[i] over those i with rows[i] = r, in ascending i: every row of the target has one owner.</summary>
    private static void Scatter(float* x, int[] rows, int count, int width, Gradient target)
    {
        using Scratch starts = Scratch.Rent(count + 1);
        using Scratch sorted = Scratch.Rent(rows.Length);
        int* start = (int*)starts.Data, order = (int*)sorted.Data;
        new Span<int>(start, count + 1).Clear();
        foreach (int r in rows)
        {
            start[r + 1]++;
        }

        for (int r = 0; r < count; r++)
        {
            start[r + 1] += start[r];
        }

        for (int i = 0; i < rows.Length; i++)
        {
            order[start[rows[i]]++] = i;
        }

        // Filling moved every start to its row's end, which is where the next row starts.
        int size = Blocks.RowsOf(width);
        Blocks.Run(Blocks.Count(count, size), new ScatterKernel(x, start, order, count, width, size, target));
    }

    private sealed class GatherNode(string op, Tensor x, Tensor y, int[] rows) : Node(op, y)
    {
        public override void Backward() =>
            Scatter(Output.GradientData, rows, x.Shape[0], x.Length / Math.Max(1, x.Shape[0]), x.GradientTarget());
    }

    private sealed class ScatterNode(Tensor x, Tensor y, int[] rows) : Node("ScatterAdd", y)
    {
        public override void Backward()
        {
            Gradient g = x.GradientTarget();
            Pick(Output.GradientData, rows, x.Length / Math.Max(1, rows.Length), g.Data, g.Add);
        }
    }

    private readonly struct PickKernel(float* x, int* rows, int count, int width, int size, float* y, bool add) : IBlockKernel
    {
        public void Invoke<V>(int block)
            where V : struct, IVec<V>
        {
            int first = block * size, end = first + Math.Min(size, count - first);
            for (int r = first; r < end; r++)
            {
                Accumulate<V>(x + ((long)rows[r] * width), y + ((long)r * width), add, width);
            }
        }
    }

    private readonly struct ScatterKernel(float* x, int* ends, int* order, int count, int width, int size, Gradient target) : IBlockKernel
    {
        public void Invoke<V>(int block)
            where V : struct, IVec<V>
        {
            int first = block * size, end = first + Math.Min(size, count - first);
            for (int r = first; r < end; r++)
            {
                float* to = target.Data + ((long)r * width);
                bool add = target.Add;
                for (int i = r == 0 ? 0 : ends[r - 1]; i < ends[r]; i++)
                {
                    Accumulate<V>(x + ((long)order[i] * width), to, add, width);
                    add = true;
                }

                if (!add)
                {
                    new Span<float>(to, width).Clear();
                }
            }
        }
    }

    private static void Accumulate<V>(float* from, float* to, bool add, int n)
        where V : struct, IVec<V>
    {
        for (int i = 0; i < n; i += V.Count)
        {
            RowMath.Put(V.Load(from + i), to + i, add, n - i);
        }
    }
}
