using Tacit.Tensors;

namespace Tacit.Evaluation.Suite.Sequence;

/// <summary>
/// Binary cross-entropy of who speaks when, whichever output stands for whom: of each recording the order of the speakers that has the least loss.
/// </summary>
/// <remarks>Fujita et al. 2019, arXiv:1909.05952, eq. 2; with one speaker it is the plain binary cross-entropy.</remarks>
internal static class PermutationLoss
{
    /// <summary>The mean over frames and outputs, a scalar.</summary>
    /// <param name="logits">[N, T, K]</param>
    /// <param name="lengths">Frames of each recording; what lies beyond has no part in it.</param>
    /// <param name="spoken">Of each recording, for each of K speakers, for each frame, whether they speak.</param>
    public static Tensor Of(Tensor logits, int[] lengths, bool[][][] spoken)
    {
        (int frames, int outputs) = (logits.Shape[1], logits.Shape[2]);
        Tensor targets = Tensor.Zeros(logits.Shape), weights = Tensor.Zeros(logits.Shape);
        float weight = 1f / (lengths.Sum() * outputs);
        for (int n = 0; n < lengths.Length; n++)
        {
            int[] order = Best(logits.Rows(n, 1).Span, lengths[n], outputs, spoken[n]);
            for (int i = 0; i < lengths[n] * outputs; i++)
            {
                int at = (n * frames * outputs) + i;
                targets.Span[at] = spoken[n][order[i % outputs]][i / outputs] ? 1 : 0;
                weights.Span[at] = weight;
            }
        }

        // log(1 + eᶻ) − y z, as max(z, 0) + log(1 + e^−|z|) − y z, which does not overflow.
        Tensor soft = Ops.Add(Ops.Relu(logits), Ops.Log(Ops.Add(Ops.Exp(Ops.Negate(Ops.Abs(logits))), 1)));
        return Ops.Sum(Ops.Multiply(Ops.Subtract(soft, Ops.Multiply(logits, targets)), weights));
    }

    /// <summary>For each output the speaker it stands for. The part of the loss that depends on it is −Σ y z.</summary>
    private static int[] Best(ReadOnlySpan<float> logits, int length, int outputs, bool[][] spoken)
    {
        var sums = new double[outputs, outputs];
        for (int t = 0; t < length; t++)
        {
            for (int k = 0; k < outputs; k++)
            {
                for (int s = 0; s < outputs; s++)
                {
                    sums[k, s] += spoken[s][t] ? logits[(t * outputs) + k] : 0;
                }
            }
        }

        return Orders(outputs).MaxBy(order => Enumerable.Range(0, outputs).Sum(k => sums[k, order[k]]))!;
    }

    private static IEnumerable<int[]> Orders(int count) => count == 0 ? [[]]
        : Orders(count - 1).SelectMany(rest => Enumerable.Range(0, count).Select(at => (int[])[.. rest[..at], count - 1, .. rest[at..]]));
}
