using Tacit.Tensors;

namespace Tacit.Nn;

/// <summary>Points in the plane whose neighbours are those of the features: t-SNE.</summary>
/// <remarks>
/// van der Maaten and Hinton 2008, "Visualizing data using t-SNE". Distances within a cluster and which clusters touch can be read
/// from it; sizes of clusters and far distances cannot. The same features and seed give the same bits for any number of threads.
/// Time grows with the square of the points: 2,000 take a few seconds, 10,000 under a minute on two cores.
/// </remarks>
public static class TSne
{
    private const double StartDeviation = 1e-4;
    private const double EarlyMomentum = 0.5, LateMomentum = 0.8;
    private const float LeastGain = 0.01f;

    /// <summary>The rows in two dimensions.</summary>
    /// <param name="features">[N, D], at least one row.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="seed">Of the small noise that tells equal rows apart.</param>
    /// <param name="progress">Told how many moves are done, of how many.</param>
    /// <param name="stop">Ends between two moves.</param>
    /// <returns>[N, 2], long-lived, centred at the origin.</returns>
    /// <exception cref="TacitException">A feature is not finite.</exception>
    public static Tensor Project(
        Tensor features, TSneOptions? options = null, ulong seed = 0, Action<int, int>? progress = null, CancellationToken stop = default)
    {
        options ??= new TSneOptions();
        if (!(options.Perplexity >= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.Perplexity, "A perplexity is at least 1.");
        }

        Tensor rows = Centred.Of(features, options.Spherical);
        int n = rows.Shape[0];
        if (n == 1)
        {
            return Tensor.Lasting(new Shape(1, 2));
        }

        var forces = new TSneForces(Affinities.Of(rows, Math.Clamp(options.Perplexity, 1, Math.Max(1, (n - 1) / 3.0))));
        Tensor places = Start(rows, seed), gradient = Tensor.Lasting(places.Shape), moves = Tensor.Lasting(places.Shape), gains = Tensor.Lasting(places.Shape);
        gains.Span.Fill(1);
        double step = Math.Max(n / options.Exaggeration / 4, 50);
        for (int t = 0; t < options.Iterations; t++)
        {
            stop.ThrowIfCancellationRequested();
            bool early = t < options.EarlyIterations;
            forces.Gradient(places, early ? options.Exaggeration : 1, gradient);
            Move(places.Span, gradient.Span, moves.Span, gains.Span, (float)step, (float)(early ? EarlyMomentum : LateMomentum));
            Centre(places.Rows(0, 1).Span);
            Centre(places.Rows(1, 1).Span);
            progress?.Invoke(t + 1, options.Iterations);
        }

        var result = Tensor.Lasting(new Shape(n, 2));
        for (int i = 0; i < n; i++)
        {
            (result[i, 0], result[i, 1]) = (places[0, i], places[1, i]);
        }

        return result;
    }

    /// <summary>The two principal components, made small, and a hundredth of noise.</summary>
    private static Tensor Start(Tensor rows, ulong seed)
    {
        int n = rows.Shape[0];
        Tensor scores = Pca.Project(rows);
        double square = 0;
        for (int i = 0; i < n; i++)
        {
            square += (double)scores[i, 0] * scores[i, 0] / n;
        }

        double scale = square > 0 ? StartDeviation / Math.Sqrt(square) : 0;
        var places = Tensor.Lasting(new Shape(2, n));
        Philox.FillNormal(places.Span, seed, Philox.Hash("t-sne"), 0);
        for (int i = 0; i < 2 * n; i++)
        {
            places.Span[i] = (float)((scale * scores[i % n, i / n]) + (StartDeviation / 100 * places.Span[i]));
        }

        return places;
    }

    /// <summary>Momentum, with a gain for each number: it grows while the gradient keeps pulling the way it moves, and shrinks where it turns.</summary>
    private static void Move(Span<float> places, ReadOnlySpan<float> gradient, Span<float> moves, Span<float> gains, float step, float momentum)
    {
        for (int i = 0; i < places.Length; i++)
        {
            bool onward = gradient[i] > 0 != moves[i] > 0;
            gains[i] = Math.Max(LeastGain, onward ? gains[i] + 0.2f : gains[i] * 0.8f);
            moves[i] = (momentum * moves[i]) - (step * gains[i] * gradient[i]);
            places[i] += moves[i];
        }
    }

    private static void Centre(Span<float> values)
    {
        double sum = 0;
        foreach (float value in values)
        {
            sum += value;
        }

        System.Numerics.Tensors.TensorPrimitives.Subtract(values, (float)(sum / values.Length), values);
    }
}
