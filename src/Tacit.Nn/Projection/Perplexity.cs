using System.Numerics.Tensors;

namespace Tacit.Nn;

/// <summary>How many neighbours a distribution spreads over: the exponential of its entropy.</summary>
internal static class Perplexity
{
    private const int Rounds = 100;
    private const double Tolerance = 1e-7;

    /// <summary>p_j ∝ exp(−β d_j) with the β for which the perplexity is the wanted one.</summary>
    /// <param name="distances">Squared, at least one.</param>
    /// <param name="perplexity">From 1; where as many or more are equally near, these share equally.</param>
    /// <param name="shares">Takes p, which adds up to 1.</param>
    /// <returns>β</returns>
    /// <remarks>van der Maaten and Hinton 2008, section 2: entropy falls as β grows, so the interval is doubled, then halved.</remarks>
    public static double Calibrate(ReadOnlySpan<double> distances, double perplexity, Span<double> shares)
    {
        double wanted = Math.Log(perplexity), nearest = TensorPrimitives.Min(distances), mean = TensorPrimitives.Sum(distances) / distances.Length;
        double low = 0, high = double.PositiveInfinity, beta = mean > nearest ? 1 / (mean - nearest) : 1;
        for (int round = 0; round < Rounds; round++)
        {
            double off = Entropy(distances, nearest, beta, shares) - wanted;
            if (Math.Abs(off) < Tolerance)
            {
                break;
            }

            (low, high) = off > 0 ? (beta, high) : (low, beta);
            beta = double.IsPositiveInfinity(high) ? beta * 2 : (low + high) / 2;
        }

        return beta;
    }

    /// <summary>H = log Σe + β Σ d p, with distances counted from the nearest so that nothing underflows as a whole.</summary>
    private static double Entropy(ReadOnlySpan<double> distances, double nearest, double beta, Span<double> shares)
    {
        TensorPrimitives.Subtract(distances, nearest, shares);
        TensorPrimitives.Multiply(shares, -beta, shares);
        TensorPrimitives.Exp<double>(shares, shares);
        double sum = TensorPrimitives.Sum<double>(shares);
        TensorPrimitives.Divide(shares, sum, shares);
        return Math.Log(sum) + (beta * (TensorPrimitives.Dot(distances, shares) - nearest));
    }
}
