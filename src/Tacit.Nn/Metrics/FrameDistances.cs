using Tacit.Tensors;
using Tacit.Tensors.Kernels;

namespace Tacit.Nn;

/// <summary>How far two frames are apart.</summary>
public enum FrameDistance
{
    /// <summary>1 − cos, from 0 to 2.</summary>
    Cosine,

    /// <summary>arccos(cos) / π, from 0 to 1: ABX's usual choice (Schatz et al. 2013).</summary>
    Angular,

    /// <summary>√Σ(a − b)²</summary>
    Euclidean,

    /// <summary>exp(1 − cos) − 1, from 0 to e² − 1: what SUPERB's query by example calls cosine_exp.</summary>
    CosineExponential,
}

/// <summary>Distances of all pairs of frames of two sequences: what warping in time is given.</summary>
public static unsafe class FrameDistances
{
    /// <summary>[N · M], row-major: entry i · M + j is the distance of a's frame i and b's frame j.</summary>
    /// <param name="a">[N, D]</param>
    /// <param name="b">[M, D]</param>
    /// <param name="kind">Which distance; by all but the Euclidean a frame of zeros is at right angles to everything.</param>
    public static float[] Between(Tensor a, Tensor b, FrameDistance kind)
    {
        if (a.Rank != 2 || b.Rank != 2 || a.Shape[1] != b.Shape[1])
        {
            throw ShapeException.Mismatch("FrameDistances", a.Shape, b.Shape, "it takes [N, D] and [M, D] with the same D");
        }

        int rows = a.Shape[0], columns = b.Shape[0], dim = a.Shape[1];
        var result = new float[rows * columns];
        if (kind == FrameDistance.Euclidean)
        {
            // Not by products of the frames, which would lose the digits of near ones.
            for (int i = 0; i < result.Length; i++)
            {
                result[i] = System.Numerics.Tensors.TensorPrimitives.Distance(
                    new ReadOnlySpan<float>(a.Data + ((long)(i / columns) * dim), dim), new ReadOnlySpan<float>(b.Data + ((long)(i % columns) * dim), dim));
            }
        }
        else
        {
            Cosines(a, b, result);
            for (int i = 0; i < result.Length; i++)
            {
                float cosine = Math.Clamp(result[i], -1, 1);
                result[i] = kind switch
                {
                    FrameDistance.Cosine => 1 - cosine,
                    FrameDistance.Angular => MathF.Acos(cosine) / MathF.PI,
                    _ => MathF.Exp(1 - cosine) - 1,
                };
            }
        }

        GC.KeepAlive(a);
        GC.KeepAlive(b);
        return result;
    }

    private static void Cosines(Tensor a, Tensor b, float[] into)
    {
        int rows = a.Shape[0], columns = b.Shape[0], dim = a.Shape[1];
        using Scratch left = Scratch.Rent(rows * dim), right = Scratch.Rent(columns * dim), products = Scratch.Rent(rows * columns);
        Scale(a, left.Data);
        Scale(b, right.Data);
        Gemm.Run(false, true, rows, columns, dim, left.Data, dim, right.Data, dim, products.Data, columns);
        new ReadOnlySpan<float>(products.Data, into.Length).CopyTo(into);
    }

    private static void Scale(Tensor x, float* into)
    {
        int dim = x.Shape[1];
        for (int i = 0; i < x.Shape[0]; i++)
        {
            float* row = x.Data + ((long)i * dim);
            System.Numerics.Tensors.TensorPrimitives.Multiply(new ReadOnlySpan<float>(row, dim), UnitLength.Scale(row, dim), new Span<float>(into + ((long)i * dim), dim));
        }
    }
}
