using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>Cross-entropy with soft targets of different weights.</summary>
public static class WeightedEntropy
{
    /// <summary>−Σ target · log softmax(logits), divided by the number of rows.</summary>
    /// <param name="logits">[M, Q]</param>
    /// <param name="targets">[M, Q], constants; a row adds up to the row's weight.</param>
    /// <remarks>Zhang et al. 2016, arXiv:1603.08511, equation 2.</remarks>
    public static Tensor Loss(Tensor logits, Tensor targets) =>
        Ops.Divide(Ops.Sum(Ops.Multiply(Ops.LogSoftmax(logits), targets)), -logits.Shape[0]);
}
