using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>Losses over scores of a positive and of sampled negatives: [M, 1 + S], the positive first (<see cref="Ops.SampledProducts"/>).</summary>
public static class SampledContrast
{
    /// <summary>InfoNCE: the mean over queries of -log softmax(scores/T) of the positive.</summary>
    /// <param name="scores">[M, 1 + S]</param>
    /// <param name="temperature">T, above 0.</param>
    /// <param name="same">Which of the M · (1 + S) are negatives that equal their positive: they count as -∞. Null for none.</param>
    /// <remarks>van den Oord et al. 2018, arXiv:1807.03748, eq. 4; Baevski et al. 2020, arXiv:2006.11477, eq. 3.</remarks>
    public static Tensor InfoNce(Tensor scores, float temperature, bool[]? same = null)
    {
        Tensor logits = Ops.Multiply(scores, 1 / temperature);
        if (same is not null && same.AsSpan().Contains(true))
        {
            Tensor hidden = Tensor.Zeros(scores.Shape);
            for (int i = 0; i < same.Length; i++)
            {
                hidden.Span[i] = same[i] ? float.NegativeInfinity : 0;
            }

            logits = Ops.Add(logits, hidden);
        }

        return Ops.CrossEntropy(logits, new int[scores.Shape[0]]);
    }

    /// <summary>wav2vec's loss: is each of them the positive? The mean over all of -log σ(score) and -log σ(-score).</summary>
    /// <param name="scores">[M, 1 + S]</param>
    /// <remarks>Schneider et al. 2019, arXiv:1904.05862, eq. 2, each of the negatives with weight 1 as its authors' code has it.</remarks>
    public static Tensor Binary(Tensor scores)
    {
        // σ(x) is the softmax of x beside 0.
        int columns = scores.Shape[1];
        Tensor pairs = Ops.Pad(scores.Reshape(scores.Length, 1), 1, 0, 1);
        return Ops.CrossEntropy(pairs, [.. Enumerable.Range(0, scores.Length).Select(i => i % columns == 0 ? 0 : 1)]);
    }

    /// <summary>InfoNCE where all scores are alike.</summary>
    public static double Chance(int negatives) => Math.Log(1 + negatives);

    /// <summary>The least <see cref="Binary"/> where all scores are alike: the entropy of one in 1 + S.</summary>
    public static double BinaryChance(int negatives)
    {
        double positive = 1.0 / (1 + negatives);
        return -(positive * Math.Log(positive)) - ((1 - positive) * Math.Log(1 - positive));
    }

    /// <summary>The negatives that have their positive's codes: [M · (1 + S)].</summary>
    /// <param name="lists">Lists of 1 + S frames, the positive first.</param>
    /// <param name="of">Each of the M queries' list.</param>
    /// <param name="samples">1 + S</param>
    /// <param name="codes">Codes of every frame, those of one together.</param>
    /// <param name="groups">Codes of one frame.</param>
    public static bool[] Same(int[] lists, int[] of, int samples, int[] codes, int groups)
    {
        var same = new bool[of.Length * samples];
        for (int i = 0; i < of.Length; i++)
        {
            ReadOnlySpan<int> list = lists.AsSpan(of[i] * samples, samples);
            for (int s = 1; s < samples; s++)
            {
                same[(i * samples) + s] = codes.AsSpan(list[s] * groups, groups).SequenceEqual(codes.AsSpan(list[0] * groups, groups));
            }
        }

        return same;
    }

    /// <summary>The share of queries whose positive scores higher than all negatives; where no negative differs from it, it was not found.</summary>
    public static double Accuracy(Tensor scores, bool[]? same = null)
    {
        int rows = scores.Shape[0], columns = scores.Shape[1], found = 0;
        for (int i = 0; i < rows; i++)
        {
            ReadOnlySpan<float> row = scores.Span.Slice(i * columns, columns);
            float best = float.NegativeInfinity;
            for (int s = 1; s < columns; s++)
            {
                best = same is not null && same[(i * columns) + s] ? best : Math.Max(best, row[s]);
            }

            found += !float.IsNegativeInfinity(best) && row[0] > best ? 1 : 0;
        }

        return (double)found / Math.Max(1, rows);
    }

    /// <summary>
    /// What a contrast of sampled frames was like: <c>contrastive_accuracy</c>; on steps that are logged, of at most 64 queries, cosines
    /// and their histograms (<c>positive_similarity</c>, <c>negative_similarity</c>), and <c>hardest_negative_similarity</c>, the mean of
    /// the hardest 1 % of negatives.
    /// </summary>
    /// <param name="diagnostics">Takes them.</param>
    /// <param name="scores">[M, 1 + S]</param>
    /// <param name="queries">[M, D]</param>
    /// <param name="keys">[C, D]</param>
    /// <param name="lists">Rows of the keys, 1 + S a list.</param>
    /// <param name="of">Each query's list.</param>
    /// <param name="same">As for <see cref="InfoNce"/>.</param>
    internal static void Report(Diagnostics diagnostics, Tensor scores, Tensor queries, Tensor keys, int[] lists, int[] of, bool[]? same = null)
    {
        const int Most = 64;
        const double Hardest = 0.01;
        diagnostics.Report("contrastive_accuracy", Accuracy(scores, same));
        if (!diagnostics.Detailed)
        {
            return;
        }

        using Scope scope = Scope.NoGradient();
        int count = Math.Min(Most, of.Length), samples = scores.Shape[1];
        int[] seen = [.. Enumerable.Range(0, count).Select(i => (int)((long)i * of.Length / count))];
        Tensor cosines = Ops.SampledProducts(
            Ops.L2Normalize(Ops.Gather(queries.Detach(), seen)), Ops.L2Normalize(keys.Detach()), lists, samples, [.. seen.Select(i => of[i])]);
        List<float> positives = [], negatives = [];
        for (int i = 0; i < cosines.Length; i++)
        {
            if (i % samples == 0)
            {
                positives.Add(cosines.Span[i]);
            }
            else if (same is null || !same[(seen[i / samples] * samples) + (i % samples)])
            {
                negatives.Add(cosines.Span[i]);
            }
        }

        diagnostics.Report("positive_similarity", positives.Average());
        diagnostics.Histogram("positive_similarity", [.. positives], -1, 1);
        if (negatives.Count > 0)
        {
            diagnostics.Report("negative_similarity", negatives.Average());
            diagnostics.Histogram("negative_similarity", [.. negatives], -1, 1);
            diagnostics.Report("hardest_negative_similarity", negatives.OrderDescending().Take(Math.Max(1, (int)(negatives.Count * Hardest))).Average());
        }
    }
}
