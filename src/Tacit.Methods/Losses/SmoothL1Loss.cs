using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>A regression whose large errors count by their size and small ones by their square.</summary>
/// <remarks>Baevski et al. 2022 (data2vec), arXiv:2202.03555, equation 3; as torch.nn.functional.smooth_l1_loss.</remarks>
public static class SmoothL1Loss
{
    /// <summary>The mean over all numbers of e²/(2β) below β and |e| − β/2 beyond, a scalar.</summary>
    /// <param name="predictions">Any shape.</param>
    /// <param name="targets">The same shape, without history where it must not learn.</param>
    /// <param name="beta">Where the square ends, above 0.</param>
    /// <exception cref="ShapeException">Two shapes, or nothing to predict.</exception>
    public static Tensor Loss(Tensor predictions, Tensor targets, float beta)
    {
        if (predictions.Shape != targets.Shape)
        {
            throw ShapeException.Mismatch("SmoothL1Loss", predictions.Shape, targets.Shape, "each prediction has one target");
        }

        return predictions.Length > 0
            ? Ops.Mean(Ops.SmoothL1(Ops.Subtract(predictions, targets), beta))
            : throw ShapeException.Unfit("SmoothL1Loss", predictions.Shape, "there is nothing to predict");
    }
}
