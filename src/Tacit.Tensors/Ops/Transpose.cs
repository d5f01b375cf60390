using Tacit.Tensors.Simd;

namespace Tacit.Tensors;

public static unsafe partial class Ops
{
    /// <summary>The axes in another order: axis i of the result is axis permutation[i] of x.</summary>
    public static Tensor Transpose(Tensor x, params int[] permutation)
    {
        if (!permutation.Order().SequenceEqual(Enumerable.Range(0, x.Rank)))
        {
            throw ShapeException.Unfit("Transpose", x.Shape, $"[{string.Join(", ", permutation)}] is not an order of its {x.Rank} axes");
        }

        int[] dims = [.. permutation.Select(axis => x.Shape[axis])];
        Tensor y = Tensor.Empty(new Shape(dims));
        Permute(x.Data, x.Shape, permutation, y.Data, add: false);
        if (Tape.Wants(x))
        {
            Tape.Add(new TransposeNode(x, y, permutation));
        }

        return y;
    }

    private sealed class TransposeNode(Tensor x, Tensor y, int[] permutation) : Node("Transpose", y)
    {
        public override void Backward()
        {
            var inverse = new int[permutation.Length];
            for (int i = 0; i < inverse.Length; i++)
            {
                inverse[permutation[i]] = i;
            }

            Gradient g = x.GradientTarget();
            Permute(Output.GradientData, Output.Shape, inverse, g.Data, g.Add);
        }
    }

    private static void Permute(float* x, Shape shape, int[] permutation, float* y, bool add)
    {
        var plan = new PermutePlan(shape, permutation);
        int blocks = plan.Inner == 0 ? 0 : plan.Outer * Blocks.Count(plan.Middle, PermutePlan.Tile);
        if (shape.Length > 0)
        {
            Blocks.Run(blocks, new PermuteKernel(plan, x, y, add));
        }
    }

    /// <summary>
    /// A permutation as outer loops around a plane: the result's last axis, and the axis that lies contiguous in x. Where they
    /// are the same axis the plane is plain rows.
    /// </summary>
    private struct PermutePlan
    {
        public const int Tile = 32;

        private fixed int outerSize[Shape.MaxRank];
        private fixed int outerFrom[Shape.MaxRank];
        private fixed int outerTo[Shape.MaxRank];
        private readonly int outerAxes;

        public int Outer = 1;       // planes
        public int Middle = 1;      // rows of a plane; contiguous in x unless Rows
        public int MiddleFrom;
        public int MiddleTo;
        public int Inner = 1;       // the result's last axis
        public int InnerFrom = 1;

        public PermutePlan(Shape shape, int[] permutation)
        {
            int rank = shape.Rank;
            Span<int> size = stackalloc int[rank], from = stackalloc int[rank], to = stackalloc int[rank];
            int step = 1;
            for (int i = rank - 1; i >= 0; i--)
            {
                size[i] = shape[permutation[i]];
                from[i] = shape.Product(permutation[i] + 1, rank);
                to[i] = step;
                step *= size[i];
            }

            if (rank == 0)
            {
                return;
            }

            Inner = size[^1];
            InnerFrom = from[^1];
            int middle = Middlemost(size, from);
            for (int i = rank - 2; i >= 0; i--)
            {
                if (i == middle)
                {
                    (Middle, MiddleFrom, MiddleTo) = (size[i], from[i], to[i]);
                    continue;
                }

                (outerSize[outerAxes], outerFrom[outerAxes], outerTo[outerAxes]) = (size[i], from[i], to[i]);
                outerAxes++;
                Outer *= size[i];
            }
        }

        public readonly void Locate(int plane, out long from, out long to)
        {
            from = 0;
            to = 0;
            for (int axis = 0; axis < outerAxes; axis++)
            {
                int i = plane % outerSize[axis];
                plane /= outerSize[axis];
                from += (long)i * outerFrom[axis];
                to += (long)i * outerTo[axis];
            }
        }

        /// <summary>The axis other than the last that moves least far in x: contiguous there, unless the last axis is.</summary>
        private static int Middlemost(Span<int> size, Span<int> from)
        {
            int best = -1;
            for (int i = size.Length - 2; i >= 0; i--)
            {
                if (size[i] > 1 && (best < 0 || from[i] < from[best]))
                {
                    best = i;
                }
            }

            return best;
        }
    }

    private readonly struct PermuteKernel(PermutePlan plan, float* x, float* y, bool add) : IBlockKernel
    {
        private readonly PermutePlan plan = plan;

        public void Invoke<V>(int block)
            where V : struct, IVec<V>
        {
            int tiles = Blocks.Count(plan.Middle, PermutePlan.Tile);
            plan.Locate(block / tiles, out long from, out long to);
            int first = block % tiles * PermutePlan.Tile;
            int count = Math.Min(PermutePlan.Tile, plan.Middle - first);
            float* source = x + from + ((long)first * plan.MiddleFrom), target = y + to + ((long)first * plan.MiddleTo);
            if (plan.InnerFrom == 1)
            {
                for (int m = 0; m < count; m++)
                {
                    Accumulate<V>(source + ((long)m * plan.MiddleFrom), target + ((long)m * plan.MiddleTo), add, plan.Inner);
                }

                return;
            }

            for (int start = 0; start < plan.Inner; start += PermutePlan.Tile)
            {
                int end = Math.Min(plan.Inner, start + PermutePlan.Tile);
                for (int m = 0; m < count; m++)
                {
                    float* read = source + ((long)m * plan.MiddleFrom), write = target + ((long)m * plan.MiddleTo);
                    for (int i = start; i < end; i++)
                    {
                        float v = read[(long)i * plan.InnerFrom];
                        write[i] = add ? write[i] + v : v;
                    }
                }
            }
        }
    }
}
