namespace Tacit.Data.Features;

/// <summary>What a <see cref="RunningNormalization"/> has seen: how many rows, and of each feature the mean and the squared distances from it.</summary>
public sealed record RunningState(double Count, double[] Mean, double[] SquaredDistances);

/// <summary>
/// Normalises by the mean and variance of everything seen so far. With one feature, all numbers share one mean and variance
/// (BYOL-A normalises its log-mel pictures so). Not for several threads at once.
/// </summary>
/// <remarks>Welford 1962; batches are joined by Chan, Golub and LeVeque 1979.</remarks>
public sealed class RunningNormalization
{
    private readonly double[] mean, squares;
    private double count;

    /// <param name="dim">Features per row, or 1 for one mean and variance of all.</param>
    public RunningNormalization(int dim)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dim, 1);
        mean = new double[dim];
        squares = new double[dim];
    }

    /// <param name="state">What was seen before, as <see cref="Export"/> gave it.</param>
    public RunningNormalization(RunningState state)
    {
        (count, mean, squares) = (state.Count, [.. state.Mean], [.. state.SquaredDistances]);
    }

    public int Dim => mean.Length;

    /// <summary>A copy of what was seen.</summary>
    public RunningState Export() => new(count, [.. mean], [.. squares]);

    /// <summary>Counts rows [n, dim] in.</summary>
    public void Add(ReadOnlySpan<float> rows)
    {
        int dim = Dim, n = rows.Length / dim;
        if (n == 0)
        {
            return;
        }

        double total = count + n;
        for (int d = 0; d < dim; d++)
        {
            double sum = 0, square = 0;
            for (int i = d; i < n * dim; i += dim)
            {
                sum += rows[i];
            }

            double m = sum / n, apart = m - mean[d];
            for (int i = d; i < n * dim; i += dim)
            {
                square += (rows[i] - m) * (rows[i] - m);
            }

            mean[d] += apart * n / total;
            squares[d] += square + (apart * apart * count * n / total);
        }

        count = total;
    }

    /// <summary>(x - mean) / √variance in place, by the population's variance; nothing is done before anything was seen.</summary>
    public void Apply(Span<float> rows)
    {
        if (count == 0)
        {
            return;
        }

        int dim = Dim;
        for (int d = 0; d < dim; d++)
        {
            double scale = Cmvn.Scale(squares[d] / count);
            for (int i = d; i < rows.Length; i += dim)
            {
                rows[i] = (float)((rows[i] - mean[d]) * scale);
            }
        }
    }
}
