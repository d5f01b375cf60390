using Tacit.Tensors;

namespace Tacit.Models;

/// <summary>Fixed positions of a grid of patches: sines and cosines of column and row at falling frequencies.</summary>
/// <remarks>
/// Vaswani et al. 2017, section 3.5, in two dimensions as in MAE (He et al. 2021, arXiv:2111.06377): the first half of the
/// features tells the column, the second the row; each is D/4 sines, then D/4 cosines, at frequencies 10000^(-4i/D).
/// </remarks>
public static class SineCosinePositions
{
    /// <summary>[rows · columns, dim], row by row; long-lived, without gradient.</summary>
    /// <exception cref="TacitException">The width is no multiple of 4.</exception>
    public static Tensor Of(int rows, int columns, int dim)
    {
        if (dim < 4 || dim % 4 != 0)
        {
            throw new TacitException($"Sine-cosine positions need a width that is a multiple of 4, not {dim}.");
        }

        var positions = Tensor.Lasting(new Shape(rows * columns, dim));
        int half = dim / 2;
        for (int place = 0; place < rows * columns; place++)
        {
            Span<float> features = positions.Span.Slice(place * dim, dim);
            Fill(features[..half], place % columns);
            Fill(features[half..], place / columns);
        }

        return positions;
    }

    private static void Fill(Span<float> features, int position)
    {
        int count = features.Length / 2;
        for (int i = 0; i < count; i++)
        {
            double angle = position * Math.Pow(10000, -(double)i / count);
            features[i] = (float)Math.Sin(angle);
            features[count + i] = (float)Math.Cos(angle);
        }
    }
}
