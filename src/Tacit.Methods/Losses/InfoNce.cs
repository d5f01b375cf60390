using System.Numerics.Tensors;
using Tacit.Tensors;
using Tensor = Tacit.Tensors.Tensor;

namespace Tacit.Methods;

/// <summary>Each query must find its own key among others: those of a queue, or those of the other items of the batch.</summary>
/// <remarks>
/// van den Oord et al. 2018, arXiv:1807.03748; He et al. 2020, arXiv:1911.05722, equation 1:
/// ℓ(i) = -log( exp(qᵢ·kᵢ/T) / Σⱼ exp(qᵢ·kⱼ/T) ), cosines, the mean over queries.
/// </remarks>
public static class InfoNce
{
    /// <summary>A scalar; gradients reach whichever side has a history.</summary>
    /// <param name="q">[N, D], of any length.</param>
    /// <param name="k">[N, D], row i the key of query i; of any length.</param>
    /// <param name="queue">[K, D], rows of length 1: the negatives. Null or empty takes the batch's other keys.</param>
    /// <param name="temperature">T, above 0.</param>
    /// <param name="found">How well keys were found.</param>
    /// <exception cref="TacitException">There is no negative: one item, and no queue.</exception>
    public static Tensor Loss(Tensor q, Tensor k, Tensor? queue, float temperature, out NtXentStatistics found)
    {
        if (q.Rank != 2 || q.Shape != k.Shape || q.Length == 0)
        {
            throw ShapeException.Mismatch("InfoNce", q.Shape, k.Shape, "both are [N, D], one key for each query");
        }

        if (!(temperature >= NtXent.SmallestTemperature))
        {
            throw new ArgumentOutOfRangeException(nameof(temperature), $"InfoNce: the temperature {temperature} is too near 0; it must be at least {NtXent.SmallestTemperature}.");
        }

        bool inBatch = queue is null || queue.Shape[0] == 0;
        int items = q.Shape[0];
        if (inBatch && items < 2)
        {
            throw new TacitException("A batch of one picture holds no negatives; give train.batch-size at least 2.");
        }

        Tensor a = Ops.L2Normalize(q), b = Ops.L2Normalize(k);
        Tensor cosines = inBatch
            ? Ops.MatMul(a, b, transposeB: true)                                                                        // [N, N], keys on the diagonal
            : Ops.Concat(1, Ops.Sum(Ops.Multiply(a, b), 1, keepAxis: true), Ops.MatMul(a, queue!, transposeB: true));    // [N, 1 + K], keys first
        var targets = new int[items];
        for (int i = 0; inBatch && i < items; i++)
        {
            targets[i] = i;
        }

        found = Statistics(cosines, targets);
        return Ops.CrossEntropy(Ops.Multiply(cosines, 1 / temperature), targets);
    }

    /// <summary>The loss when everything is alike.</summary>
    /// <param name="negatives">How many each query has.</param>
    public static double Chance(int negatives) => Math.Log(negatives + 1.0);

    internal static NtXentStatistics Statistics(Tensor cosines, int[] targets)
    {
        int items = cosines.Shape[0], columns = cosines.Shape[1];
        double positive = 0, all = 0, hits = 0;
        for (int i = 0; i < items; i++)
        {
            ReadOnlySpan<float> row = cosines.Span.Slice(i * columns, columns);
            positive += row[targets[i]];
            all += TensorPrimitives.Sum(row);
            hits += row[targets[i]] >= TensorPrimitives.Max(row) ? 1 : 0;
        }

        return new NtXentStatistics(positive / items, (all - positive) / ((double)items * (columns - 1)), hits / items);
    }
}
