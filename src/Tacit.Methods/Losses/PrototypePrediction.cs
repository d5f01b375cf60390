using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>The loss of telling which prototype each embedding belongs to.</summary>
public static class PrototypePrediction
{
    /// <summary>The target of a row that has none.</summary>
    public const int None = -1;

    /// <summary>The mean over heads of the mean over rows of −log softmax(z · Cᵀ / T)[target].</summary>
    /// <param name="z">[N, D], of unit length.</param>
    /// <param name="prototypes">[K, D] for each head, of unit length; constants.</param>
    /// <param name="targets">N prototypes for each head, or <see cref="None"/>.</param>
    /// <param name="temperature">T.</param>
    /// <param name="accuracy">Share of rows nearest to their own prototype, mean over heads.</param>
    /// <remarks>Caron et al. 2020, arXiv:2006.09882, appendix D.</remarks>
    public static Tensor Loss(Tensor z, IReadOnlyList<Tensor> prototypes, IReadOnlyList<int[]> targets, float temperature, out double accuracy)
    {
        Tensor? loss = null;
        accuracy = 0;
        for (int head = 0; head < prototypes.Count; head++)
        {
            Tensor logits = Ops.Divide(Ops.MatMul(z, prototypes[head], transposeB: true), temperature);    // [N, K]
            Tensor entropy = Ops.CrossEntropy(logits, targets[head], ignoreIndex: None);
            loss = loss is null ? entropy : Ops.Add(loss, entropy);
            accuracy += ClassReport.Accuracy(logits, targets[head]) / prototypes.Count;
        }

        return Ops.Divide(loss!, prototypes.Count);
    }
}
