using System.Numerics.Tensors;

namespace Tacit.Tensors.Kernels;

/// <summary>Sums over rows, for the gradients of biases: blocks of 256 rows, added in order.</summary>
internal static unsafe class ColumnSum
{
    private const int BlockRows = 256;

    /// <summary>g[c] (+)= Σ over rows of x[row, c].</summary>
    public static void Run(float* x, int rows, int columns, Gradient g)
    {
        int blocks = Math.Max(1, (rows + BlockRows - 1) / BlockRows);
        using Scratch partial = Scratch.Rent(blocks * columns);
        var body = new Body(x, rows, columns, partial.Data);
        WorkerPool.Shared.For(blocks, ref body);
        var sum = new Span<float>(g.Data, columns);
        if (!g.Add)
        {
            sum.Clear();
        }

        for (int b = 0; b < blocks; b++)
        {
            TensorPrimitives.Add(sum, new ReadOnlySpan<float>(partial.Data + (b * columns), columns), sum);
        }
    }

    private readonly struct Body(float* x, int rows, int columns, float* partial) : IBlockBody
    {
        public void Invoke(int block)
        {
            var sum = new Span<float>(partial + (block * columns), columns);
            sum.Clear();
            for (int r = block * BlockRows; r < Math.Min(rows, (block + 1) * BlockRows); r++)
            {
                TensorPrimitives.Add(sum, new ReadOnlySpan<float>(x + ((nint)r * columns), columns), sum);
            }
        }
    }
}

/// <summary>Zeroes a gradient where the ReLU that was fused behind a product let nothing through.</summary>
internal readonly unsafe struct ReluMask(float* y, float* dy, int length) : IBlockBody
{
    private const int Chunk = 1 << 15;

    public static void Apply(float* y, float* dy, int length)
    {
        var body = new ReluMask(y, dy, length);
        WorkerPool.Shared.For((length + Chunk - 1) / Chunk, ref body);
    }

    public void Invoke(int block)
    {
        for (int i = block * Chunk; i < Math.Min(length, (block + 1) * Chunk); i++)
        {
            dy[i] = y[i] > 0 ? dy[i] : 0;
        }
    }
}
