using System.Numerics.Tensors;
using Tacit.Tensors;
using Tensor = Tacit.Tensors.Tensor;

namespace Tacit.Methods;

/// <summary>What contrastive methods say about their positives and negatives.</summary>
internal static class PairDiagnostics
{
    private const int MostQueries = 64;
    private const double HardestShare = 0.01;

    /// <summary>Mean similarities, and how often the positive was the nearest.</summary>
    public static void Report(this Diagnostics diagnostics, NtXentStatistics found)
    {
        diagnostics.Report("positive_similarity", found.Positive);
        diagnostics.Report("negative_similarity", found.Negative);
        diagnostics.Report("contrastive_accuracy", found.Accuracy);
    }

    /// <summary>
    /// On steps that are logged: histograms of both similarities, the mean of the hardest 1 % of negatives and, where there are
    /// labels, how many of all and of these are of the query's own class. At most 64 queries of the batch are looked at.
    /// </summary>
    /// <param name="diagnostics">Takes them.</param>
    /// <param name="queries">[R, D], of any length, as all that follow.</param>
    /// <param name="positives">[R, D], one for each query.</param>
    /// <param name="negatives">[C, D]: the batch itself, or a queue.</param>
    /// <param name="items">N where rows i, i + N … of queries and negatives show one picture; 0 where negatives come from elsewhere.</param>
    /// <param name="labels">The batch's classes, or null.</param>
    public static void ReportNegatives(this Diagnostics diagnostics, Tensor queries, Tensor positives, Tensor negatives, int items, int[]? labels)
    {
        if (!diagnostics.Detailed || negatives.Shape[0] == 0)
        {
            return;
        }

        using Scope scope = Scope.NoGradient();
        int rows = Math.Min(MostQueries, queries.Shape[0]), columns = negatives.Shape[0];
        int[] sample = [.. Enumerable.Range(0, rows).Select(r => (int)((long)r * queries.Shape[0] / rows))];
        Tensor q = Ops.L2Normalize(Ops.Gather(queries.Detach(), sample));
        diagnostics.Histogram("positive_similarity", Ops.CosineSimilarity(q, Ops.Gather(positives.Detach(), sample)).Span, -1, 1);
        Tensor cosines = Ops.MatMul(q, Ops.L2Normalize(negatives.Detach()), transposeB: true);     // [R, C]

        Tensor kept = Tensor.Empty(cosines.Shape), same = Tensor.Empty(cosines.Shape);
        int count = 0, alike = 0, labelled = 0;
        for (int r = 0; r < rows; r++)
        {
            for (int c = 0; c < columns; c++)
            {
                if (items > 0 && c % items == sample[r] % items)
                {
                    continue;
                }

                kept.Span[count++] = cosines[r, c];
                if (items > 0 && labels is not null && labels[sample[r] % items] >= 0 && labels[c % items] >= 0)
                {
                    labelled++;
                    if (labels[sample[r] % items] == labels[c % items])
                    {
                        same.Span[alike++] = cosines[r, c];
                    }
                }
            }
        }

        if (count == 0)
        {
            return;
        }

        Span<float> values = kept.Span[..count];
        diagnostics.Histogram("negative_similarity", values, -1, 1);
        values.Sort();
        int hardest = Math.Max(1, (int)(count * HardestShare));
        diagnostics.Report("hardest_negative_similarity", TensorPrimitives.Sum<float>(values[^hardest..]) / hardest);
        if (labelled > 0)
        {
            int hard = 0;
            foreach (float value in same.Span[..alike])
            {
                hard += value >= values[^hardest] ? 1 : 0;
            }

            diagnostics.Report("same_class_negatives", (double)alike / labelled);
            diagnostics.Report("same_class_hardest_negatives", Math.Min(1, (double)hard / hardest));
        }
    }
}
