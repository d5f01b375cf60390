using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>The cluster of one view is predicted from every other view of the picture.</summary>
/// <remarks>
/// Caron et al. 2020, arXiv:2006.09882, equations 1 and 2 and listing 1: the mean over views i that have a code, over the other
/// views v, of -Σₖ codeᵢ · log softmax(scores_v / T).
/// </remarks>
public static class SwappedPrediction
{
    /// <summary>A scalar.</summary>
    /// <param name="scores">Each view's cosines with the prototypes, [N, K]; those with codes first, then the small crops.</param>
    /// <param name="codes">The first views' assignments, [N, K], rows that add up to 1: constants.</param>
    /// <param name="temperature">T, above 0.</param>
    public static Tensor Loss(IReadOnlyList<Tensor> scores, IReadOnlyList<Tensor> codes, float temperature)
    {
        if (codes.Count == 0 || scores.Count < 2 || codes.Count > scores.Count)
        {
            throw new ArgumentException($"A swapped prediction needs at least two views and a code for one of them, not {scores.Count} and {codes.Count}.", nameof(codes));
        }

        if (!(temperature >= NtXent.SmallestTemperature))
        {
            throw new ArgumentOutOfRangeException(nameof(temperature), $"SwappedPrediction: the temperature {temperature} is too near 0; it must be at least {NtXent.SmallestTemperature}.");
        }

        Tensor? sum = null;
        for (int v = 0; v < scores.Count; v++)
        {
            Tensor logits = Ops.Multiply(scores[v], 1 / temperature);
            for (int i = 0; i < codes.Count; i++)
            {
                if (i != v)
                {
                    Tensor part = Ops.CrossEntropy(logits, codes[i]);
                    sum = sum is null ? part : Ops.Add(sum, part);
                }
            }
        }

        return Ops.Divide(sum!, codes.Count * (scores.Count - 1));
    }
}
