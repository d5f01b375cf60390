using Tacit.Tensors;

namespace Tacit.Evaluation;

/// <summary>Pictures and their labels mixed with those of a partner: a blend (mixup) or a pasted box (cutmix).</summary>
/// <remarks>Zhang et al. 2018, arXiv:1710.09412; Yun et al. 2019, arXiv:1905.04899. One λ a batch, from Beta(α, α).</remarks>
public static class PictureMixing
{
    /// <summary>λ x + (1 - λ) of the partner.</summary>
    /// <param name="pictures">[N, H, W, C]</param>
    /// <param name="partner">One of the batch for each.</param>
    /// <param name="share">λ, what is kept of a picture itself.</param>
    public static Tensor Mixup(Tensor pictures, int[] partner, float share)
    {
        int size = pictures.Length / partner.Length;
        Tensor mixed = Tensor.Empty(pictures.Shape);
        for (int n = 0; n < partner.Length; n++)
        {
            ReadOnlySpan<float> own = pictures.Span.Slice(n * size, size), other = pictures.Span.Slice(partner[n] * size, size);
            Span<float> to = mixed.Span.Slice(n * size, size);
            for (int i = 0; i < size; i++)
            {
                to[i] = (share * own[i]) + ((1 - share) * other[i]);
            }
        }

        return mixed;
    }

    /// <summary>The partner's pixels inside a box, a picture's own outside.</summary>
    /// <param name="pictures">[N, H, W, C]</param>
    /// <param name="partner">One of the batch for each.</param>
    /// <param name="box">Within the pictures: first row and column, rows and columns.</param>
    /// <returns>The pictures, and the share of each that is still its own: exactly 1 less the box's share of the area.</returns>
    public static (Tensor Pictures, float Share) Cutmix(Tensor pictures, int[] partner, (int Top, int Left, int Rows, int Columns) box)
    {
        int height = pictures.Shape[1], width = pictures.Shape[2], channels = pictures.Shape[3];
        Tensor mixed = Tensor.Empty(pictures.Shape);
        pictures.Span.CopyTo(mixed.Span);
        for (int n = 0; n < partner.Length; n++)
        {
            for (int row = box.Top; row < box.Top + box.Rows; row++)
            {
                int at = ((row * width) + box.Left) * channels, count = box.Columns * channels, size = height * width * channels;
                pictures.Span.Slice((partner[n] * size) + at, count).CopyTo(mixed.Span.Slice((n * size) + at, count));
            }
        }

        return (mixed, 1 - ((float)(box.Rows * box.Columns) / (height * width)));
    }

    /// <summary>The box of cutmix: its sides are √(1 - λ) of the picture's, its middle anywhere, what sticks out cut off.</summary>
    public static (int Top, int Left, int Rows, int Columns) Box(int height, int width, float share, ref RandomSequence random)
    {
        double side = Math.Sqrt(1 - share);
        int rows = (int)(height * side), columns = (int)(width * side), y = random.NextInt(height), x = random.NextInt(width);
        int top = Math.Max(0, y - (rows / 2)), left = Math.Max(0, x - (columns / 2));
        return (top, left, Math.Min(height, y - (rows / 2) + rows) - top, Math.Min(width, x - (columns / 2) + columns) - left);
    }

    /// <summary>Labels as shares: [N, K], rows of λ for the item's class and 1 - λ for its partner's.</summary>
    public static Tensor Targets(int[] labels, int classes, int[] partner, float share)
    {
        Tensor targets = Tensor.Zeros(new Shape(labels.Length, classes));
        for (int n = 0; n < labels.Length; n++)
        {
            targets.Span[(n * classes) + labels[n]] += share;
            targets.Span[(n * classes) + labels[partner[n]]] += 1 - share;
        }

        return targets;
    }

    /// <summary>A number from Beta(α, α), as the share of one of two numbers from Gamma(α).</summary>
    public static float Beta(double alpha, ref RandomSequence random)
    {
        double a = Gamma(alpha, ref random), b = Gamma(alpha, ref random);
        return a + b > 0 ? (float)(a / (a + b)) : random.NextUniform() < 0.5f ? 0 : 1;      // both vanish where α is tiny: one of the ends
    }

    /// <summary>Marsaglia and Tsang 2000, "A simple method for generating gamma variables"; below 1 by their boost.</summary>
    private static double Gamma(double alpha, ref RandomSequence random)
    {
        if (alpha < 1)
        {
            return Gamma(alpha + 1, ref random) * Math.Pow(1 - random.NextUniform(), 1 / alpha);
        }

        double d = alpha - (1.0 / 3), c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            double x = random.NextNormal(), v = 1 + (c * x);
            v = v * v * v;
            if (v > 0 && Math.Log(1 - random.NextUniform()) < (0.5 * x * x) + d - (d * v) + (d * Math.Log(v)))
            {
                return d * v;
            }
        }
    }
}
