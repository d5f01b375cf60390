using Tacit.Tensors;

namespace Tacit.Models;

/// <summary>Fixed positions along time: sines at even features, cosines at odd ones, of falling frequencies.</summary>
/// <remarks>Vaswani et al. 2017, arXiv:1706.03762, section 3.5: feature 2i is sin(p / 10000^(2i/D)), feature 2i + 1 its cosine.</remarks>
internal static class Sinusoids
{
    /// <summary>[count, dim] of the positions first, first + step, …; long-lived, without gradient.</summary>
    public static Tensor Of(int first, int step, int count, int dim)
    {
        var positions = Tensor.Lasting(new Shape(count, dim));
        for (int row = 0; row < count; row++)
        {
            Span<float> features = positions.Span.Slice(row * dim, dim);
            for (int i = 0; i < dim; i++)
            {
                double angle = (first + (row * (double)step)) / Math.Pow(10000, (i & ~1) / (double)dim);
                features[i] = (float)((i & 1) == 0 ? Math.Sin(angle) : Math.Cos(angle));
            }
        }

        return positions;
    }
}
