using Tacit.Models;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>A teacher's outputs as targets of a regression.</summary>
internal static class Targets
{
    /// <summary>Each row, or for instance norm each feature over its item's places, with mean 0 and variance 1; nothing is learned.</summary>
    /// <param name="x">[N, P, D]</param>
    /// <param name="norm">layer, instance or none.</param>
    public static Tensor Normalised(Tensor x, string norm) => norm switch
    {
        "layer" => Ops.LayerNorm(x, null, null),
        "instance" => Ops.GroupNorm(x, x.Shape.Last, null, null),
        _ => x,
    };

    /// <summary>The patches of encoded tokens: [N, (1 +) P, D] without the class token.</summary>
    public static Tensor Patches(VisionTransformer encoder, Tensor encoded) =>
        encoder.HasClassToken ? Ops.Slice(encoded, 1, 1, encoded.Shape[1] - 1) : encoded;

    /// <summary>
    /// Standard deviation of the targets over all rows, mean over dimensions: of layer-normalised targets 1 where nothing is
    /// shared, 0 where all are the same, which any predictor gets right: collapse.
    /// </summary>
    /// <param name="diagnostics">Takes it.</param>
    /// <param name="targets">[rows, D]</param>
    /// <param name="predictions">What a student says of them, whose deviation is reported beside theirs; null for not.</param>
    public static void Report(Diagnostics diagnostics, Tensor targets, Tensor? predictions = null)
    {
        using Scope scope = Scope.NoGradient();
        diagnostics.Report("target_deviation", Deviation(targets));
        if (predictions is not null)
        {
            diagnostics.Report("prediction_deviation", Deviation(predictions.Detach()));
        }
    }

    private static double Deviation(Tensor rows) => Ops.Mean(Ops.Sqrt(Ops.Variance(rows, 0, unbiased: false))).ToScalar();
}
