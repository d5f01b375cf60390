using Tacit.Tensors;

namespace Tacit.Nn;

/// <summary>Classifies features by their k nearest in a bank, each voting with weight exp(cosine / T).</summary>
/// <remarks>Wu et al. 2018, arXiv:1805.01978, section 3.4; k = 200 and T = 0.1 are those of the published CIFAR tables.</remarks>
public sealed class Knn
{
    private readonly Tensor bank;
    private readonly int[] labels;
    private readonly int classes, k;
    private readonly float temperature;

    /// <param name="bank">[N, D]; need not have unit length.</param>
    /// <param name="labels">N classes from 0.</param>
    /// <param name="k">Neighbours that vote; a smaller bank votes as a whole.</param>
    /// <param name="temperature">T, above 0.</param>
    public Knn(Tensor bank, int[] labels, int k = 200, float temperature = 0.1f)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        if (!(temperature > 0))
        {
            throw new ArgumentOutOfRangeException(nameof(temperature), temperature, "A temperature is above 0.");
        }

        if (bank.Rank != 2 || bank.Shape[0] != labels.Length || labels.Length == 0 || labels.Min() < 0)
        {
            throw ShapeException.Unfit("Knn", bank.Shape, $"it takes [N, D] with one class from 0 for each row; {labels.Length} were given");
        }

        (this.bank, this.labels, this.temperature) = (bank, labels, temperature);
        this.k = Math.Min(k, labels.Length);
        classes = labels.Max() + 1;
    }

    /// <summary>The best class of each query.</summary>
    public int[] Predict(Tensor queries) => [.. Rank(queries).Select(ranking => ranking[0])];

    /// <summary>All classes for each query, the most voted first; of equal ones the lower class.</summary>
    /// <param name="queries">[Q, D]</param>
    public int[][] Rank(Tensor queries)
    {
        NearestNeighbours neighbours = NearestNeighbours.Find(queries, bank, k);
        var ranking = new int[queries.Shape[0]][];
        var votes = new double[classes];
        for (int q = 0; q < ranking.Length; q++)
        {
            Array.Clear(votes);
            ReadOnlySpan<float> similarities = neighbours.Similarities.AsSpan(q * k, k);
            for (int i = 0; i < k; i++)
            {
                // Relative to the best: the order is the same and nothing overflows at low temperatures.
                votes[labels[neighbours.Rows[(q * k) + i]]] += Math.Exp(((double)similarities[i] - similarities[0]) / temperature);
            }

            int[] order = [.. Enumerable.Range(0, classes)];
            Array.Sort(order, (a, b) => votes[a] != votes[b] ? votes[b].CompareTo(votes[a]) : a.CompareTo(b));
            ranking[q] = order;
        }

        return ranking;
    }

    /// <summary>The share of queries whose class is right.</summary>
    public double Accuracy(Tensor queries, ReadOnlySpan<int> targets) => TopK.Accuracy(Rank(queries), targets, 1);
}
