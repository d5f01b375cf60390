using Tacit.Tensors;

namespace Tacit.Evaluation;

/// <summary>Mean and deviation of each feature over the items that are learned from, in double precision.</summary>
internal sealed unsafe class Standardisation
{
    private const int Sample = 1024;
    private const int PowerIterations = 20;

    /// <param name="features">[N, D].</param>
    /// <param name="used">The rows that count.</param>
    public Standardisation(Tensor features, bool[] used)
    {
        int n = features.Shape[0], d = features.Shape[1];
        double count = used.Count(u => u);
        Mean = new double[d];
        Deviation = new double[d];
        for (int i = 0; i < n; i++)
        {
            float* row = features.Data + ((nint)i * d);
            for (int j = 0; used[i] && j < d; j++)
            {
                Mean[j] += row[j] / count;
            }
        }

        for (int i = 0; i < n; i++)
        {
            float* row = features.Data + ((nint)i * d);
            for (int j = 0; used[i] && j < d; j++)
            {
                double distance = row[j] - Mean[j];
                Deviation[j] += distance * distance / count;
            }
        }

        for (int j = 0; j < d; j++)
        {
            double s = Math.Sqrt(Deviation[j]);
            Deviation[j] = s > 1e-6 * (1 + Math.Abs(Mean[j])) ? s : 1;
        }
    }

    public double[] Mean { get; }

    /// <summary>1 where a feature never varies.</summary>
    public double[] Deviation { get; }

    /// <summary>
    /// The largest eigenvalue of the standardised features' covariance, by power iteration over at most 1,024 rows: it
    /// bounds the step that gradient descent may take.
    /// </summary>
    public double LargestEigenvalue(Tensor features)
    {
        int n = features.Shape[0], d = features.Shape[1], rows = Math.Min(n, Sample);
        double[] v = new double[d], next = new double[d];
        Array.Fill(v, 1 / Math.Sqrt(d));
        double value = 1;
        for (int iteration = 0; iteration < PowerIterations; iteration++)
        {
            Array.Clear(next);
            for (int r = 0; r < rows; r++)
            {
                float* row = features.Data + ((nint)((long)r * n / rows) * d);
                double dot = 0;
                for (int j = 0; j < d; j++)
                {
                    dot += (row[j] - Mean[j]) / Deviation[j] * v[j];
                }

                for (int j = 0; j < d; j++)
                {
                    next[j] += (row[j] - Mean[j]) / Deviation[j] * dot / rows;
                }
            }

            value = Math.Sqrt(next.Sum(x => x * x));
            if (!(value > 0))
            {
                return 1;
            }

            for (int j = 0; j < d; j++)
            {
                v[j] = next[j] / value;
            }
        }

        return Math.Max(1, value);
    }
}
