using Tacit.Tensors.Kernels;

namespace Tacit.Tensors;

public static partial class Ops
{
    /// <summary>op(a) · op(b) over the last two axes: [.., M, K] · [.., K, N] → [.., M, N].</summary>
    /// <param name="a">[.., M, K], or [.., K, M] where <paramref name="transposeA"/>.</param>
    /// <param name="b">[.., K, N], or [.., N, K] where <paramref name="transposeB"/>; leading axes equal to a's, or none (shared).</param>
    /// <exception cref="ShapeException">The inner sizes or the leading axes differ.</exception>
    public static unsafe Tensor MatMul(Tensor a, Tensor b, bool transposeA = false, bool transposeB = false)
    {
        MatMulSizes sizes = MatMulSizes.Of(a, b, transposeA, transposeB);
        Tensor y = Tensor.Empty(sizes.Output(a, transposeA));
        sizes.Multiply(transposeA, transposeB, sizes.M, sizes.N, sizes.K, a.Data, b.Data, sizes.BStep, y.Data, false);
        if (Tape.Wants(a, b))
        {
            Tape.Add(new MatMulNode(a, b, y, transposeA, transposeB, sizes));
        }

        return y;
    }
}

internal sealed unsafe class MatMulNode(Tensor a, Tensor b, Tensor y, bool transposeA, bool transposeB, MatMulSizes sizes) : Node("MatMul", y)
{
    public override void Backward()
    {
        var (_, m, n, k, _) = sizes;
        float* dy = Output.GradientData;
        if (a.RequiresGrad)
        {
            Gradient g = a.GradientTarget();
            if (transposeA)
            {
                sizes.Multiply(transposeB, true, k, m, n, b.Data, dy, m * n, g.Data, g.Add, leftStep: sizes.BStep);
            }
            else
            {
                sizes.Multiply(false, !transposeB, m, k, n, dy, b.Data, sizes.BStep, g.Data, g.Add);
            }
        }

        if (b.RequiresGrad)
        {
            Gradient g = b.GradientTarget();
            if (sizes.BStep == 0 && sizes.Batch > 1)
            {
                // A shared b under transposed a: each item's share is added to the one gradient.
                for (int i = 0; i < sizes.Batch; i++)
                {
                    One(a.Data + ((nint)i * m * k), dy + ((nint)i * m * n), g.Data, g.Add || i > 0);
                }
            }
            else if (transposeB)
            {
                sizes.Multiply(true, transposeA, n, k, m, dy, a.Data, m * k, g.Data, g.Add, leftStep: m * n);
            }
            else
            {
                sizes.Multiply(!transposeA, false, k, n, m, a.Data, dy, m * n, g.Data, g.Add, leftStep: m * k);
            }
        }

        void One(float* x, float* d, float* o, bool add)
        {
            if (transposeB)
            {
                Gemm.Run(true, true, n, k, m, d, n, x, m, o, k, add);
            }
            else
            {
                Gemm.Run(false, false, k, n, m, x, m, d, n, o, n, add);
            }
        }
    }
}

/// <summary>The sizes of a product: batch of [M, K] · [K, N]; b is stepped by K·N, or by 0 where all of the batch shares it.</summary>
internal readonly record struct MatMulSizes(int Batch, int M, int N, int K, int BStep)
{
    private const int ParallelBatch = 8;

    public static MatMulSizes Of(Tensor a, Tensor b, bool transposeA, bool transposeB)
    {
        if (a.Rank < 2 || b.Rank < 2)
        {
            throw ShapeException.Mismatch("MatMul", a.Shape, b.Shape, "both need at least two axes");
        }

        int m = a.Shape[transposeA ? -1 : -2], k = a.Shape[transposeA ? -2 : -1];
        int n = b.Shape[transposeB ? -2 : -1], inner = b.Shape[transposeB ? -1 : -2];
        if (k != inner)
        {
            throw ShapeException.Mismatch("MatMul", a.Shape, b.Shape, $"the inner sizes {k} and {inner} differ");
        }

        int batch = a.Shape.Product(0, a.Rank - 2);
        if (b.Rank > 2 && (b.Rank != a.Rank || !SameLeading(a.Shape, b.Shape)))
        {
            throw ShapeException.Mismatch("MatMul", a.Shape, b.Shape, "the leading axes differ");
        }

        // One b for a whole batch of rows is one tall product.
        return b.Rank == 2 && !transposeA ? new MatMulSizes(1, batch * m, n, k, 0) : new MatMulSizes(batch, m, n, k, b.Rank > 2 ? k * n : 0);
    }

    public Shape Output(Tensor a, bool transposeA) => transposeA ? a.Shape.With(-1, N).With(-2, M) : a.Shape.With(-1, N);

    /// <summary>z_i (+)= op(x_i) · op(y_i) over the batch, z as [m, n] and the inner size k.</summary>
    public unsafe void Multiply(
        bool transposeX, bool transposeY, int m, int n, int k, float* x, float* y, int rightStep, float* z, bool add, int leftStep = -1)
    {
        var body = new Body(transposeX, transposeY, m, n, k, x, y, z, add, leftStep < 0 ? m * k : leftStep, rightStep);
        if (Batch >= ParallelBatch)
        {
            WorkerPool.Shared.For(Batch, ref body);
            return;
        }

        for (int i = 0; i < Batch; i++)
        {
            body.Invoke(i);
        }
    }

    private static bool SameLeading(Shape a, Shape b)
    {
        for (int i = 0; i < a.Rank - 2; i++)
        {
            if (a[i] != b[i])
            {
                return false;
            }
        }

        return true;
    }

    private readonly unsafe struct Body(
        bool transposeX, bool transposeY, int m, int n, int k, float* x, float* y, float* z, bool add, int leftStep, int rightStep) : IBlockBody
    {
        public void Invoke(int block) => Gemm.Run(
            transposeX, transposeY, m, n, k, x + ((nint)block * leftStep), transposeX ? m : k, y + ((nint)block * rightStep), transposeY ? k : n, z + ((nint)block * m * n), n, add);
    }
}
