using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>Losses of methods that rebuild what was hidden: over the masked patches alone.</summary>
public static class MaskedPixels
{
    /// <summary>The mean squared error of the masked patches, a scalar.</summary>
    /// <param name="prediction">[.., W], one patch a row.</param>
    /// <param name="target">The same shape, without gradient.</param>
    /// <param name="masked">The masked rows, counted over all leading axes.</param>
    /// <exception cref="TacitException">Nothing is masked: there is no such mean.</exception>
    /// <remarks>MAE: He et al. 2021, arXiv:2111.06377, section 3.</remarks>
    public static Tensor MeanSquare(Tensor prediction, Tensor target, int[] masked) =>
        Ops.Mean(Ops.Square(Difference(prediction, target, masked)));

    /// <summary>The mean absolute error of the masked patches, a scalar.</summary>
    /// <remarks>SimMIM: Xie et al. 2021, arXiv:2111.09886, equation 1 (‖y − x‖₁ over masked pixels and channels, over their number).</remarks>
    public static Tensor MeanAbsolute(Tensor prediction, Tensor target, int[] masked) =>
        Ops.Mean(Ops.Abs(Difference(prediction, target, masked)));

    /// <summary>Each row by its own mean and unbiased deviation: (x − mean) / √(variance + 1e-6). MAE's targets.</summary>
    /// <param name="patches">[.., W], W at least 2.</param>
    public static Tensor Normalize(Tensor patches)
    {
        Tensor rows = patches.Reshape(-1, patches.Shape.Last);
        Tensor centred = Ops.Subtract(rows, Ops.Mean(rows, 1, keepAxis: true));
        return Ops.Divide(centred, Ops.Sqrt(Ops.Add(Ops.Variance(rows, 1, keepAxis: true), 1e-6f))).Reshape([.. Dims(patches)]);
    }

    private static Tensor Difference(Tensor prediction, Tensor target, int[] masked)
    {
        ArgumentNullException.ThrowIfNull(masked);
        if (prediction.Shape != target.Shape)
        {
            throw ShapeException.Mismatch("MaskedPixels", prediction.Shape, target.Shape, "prediction and target have one shape");
        }

        if (masked.Length == 0)
        {
            throw new TacitException("No patch is masked, so there is nothing to rebuild: raise the mask ratio.");
        }

        return Ops.Subtract(
            Ops.Gather(prediction.Reshape(-1, prediction.Shape.Last), masked),
            Ops.Gather(target.Reshape(-1, target.Shape.Last), masked));
    }

    private static IEnumerable<int> Dims(Tensor x) => Enumerable.Range(0, x.Rank).Select(i => x.Shape[i]);
}
