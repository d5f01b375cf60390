using Tacit.Tensors;

namespace Tacit.Data.Features;

/// <summary>Cepstral mean and variance normalisation: every feature gets mean 0 and variance 1 over an utterance's frames.</summary>
public static unsafe class Cmvn
{
    /// <summary>Variances below this are taken for it, so that a constant feature becomes 0 and nothing else.</summary>
    public const double VarianceFloor = 1e-10;

    /// <summary>Normalises in place; what lies behind the valid frames is left alone.</summary>
    /// <param name="features">[frames or more, dim].</param>
    /// <param name="frames">Valid frames.</param>
    /// <param name="dim">Numbers per frame.</param>
    /// <param name="variance">Whether variances become 1 (of the population, as Kaldi's), or means alone become 0.</param>
    public static void Apply(Span<float> features, int frames, int dim, bool variance = true)
    {
        if (frames == 0)
        {
            return;
        }

        using Scratch scratch = Scratch.Rent(4 * dim);
        var mean = new Span<double>(scratch.Data, dim);
        var square = new Span<double>((double*)scratch.Data + dim, dim);
        mean.Clear();
        square.Clear();
        for (int t = 0; t < frames; t++)
        {
            ReadOnlySpan<float> row = features.Slice(t * dim, dim);
            for (int d = 0; d < dim; d++)
            {
                mean[d] += row[d];
            }
        }

        for (int d = 0; d < dim; d++)
        {
            mean[d] /= frames;
        }

        for (int t = 0; variance && t < frames; t++)
        {
            ReadOnlySpan<float> row = features.Slice(t * dim, dim);
            for (int d = 0; d < dim; d++)
            {
                double z = row[d] - mean[d];
                square[d] += z * z;
            }
        }

        for (int d = 0; d < dim; d++)
        {
            square[d] = variance ? Scale(square[d] / frames) : 1;
        }

        for (int t = 0; t < frames; t++)
        {
            Span<float> row = features.Slice(t * dim, dim);
            for (int d = 0; d < dim; d++)
            {
                row[d] = (float)((row[d] - mean[d]) * square[d]);
            }
        }
    }

    internal static double Scale(double variance) => 1 / Math.Sqrt(Math.Max(variance, VarianceFloor));
}
