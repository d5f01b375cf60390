using System.Numerics.Tensors;
using Tacit.Tensors;
using Tensor = Tacit.Tensors.Tensor;

namespace Tacit.Methods;

/// <summary>How well a pretext task is solved.</summary>
internal static class ClassReport
{
    /// <summary>Share of rows whose largest logit is their target's; rows without a target (-1) count for nothing.</summary>
    /// <param name="logits">[N, K]</param>
    /// <param name="targets">N classes, or -1.</param>
    /// <param name="only">Rows of this class alone.</param>
    /// <returns>NaN where no row counts.</returns>
    public static double Accuracy(Tensor logits, ReadOnlySpan<int> targets, int? only = null)
    {
        int classes = logits.Shape[1], right = 0, counted = 0;
        for (int i = 0; i < targets.Length; i++)
        {
            if (targets[i] >= 0 && (only is null || targets[i] == only))
            {
                counted++;
                right += TensorPrimitives.IndexOfMax(logits.Span.Slice(i * classes, classes)) == targets[i] ? 1 : 0;
            }
        }

        return counted == 0 ? double.NaN : (double)right / counted;
    }

    /// <summary>Reports the overall accuracy, and that of each class under its name.</summary>
    public static void Report(Diagnostics diagnostics, Tensor logits, ReadOnlySpan<int> targets, ReadOnlySpan<string> names)
    {
        diagnostics.Report("accuracy", Accuracy(logits, targets));
        for (int c = 0; diagnostics.Detailed && c < names.Length; c++)
        {
            double accuracy = Accuracy(logits, targets, c);
            if (!double.IsNaN(accuracy))
            {
                diagnostics.Report(names[c], accuracy);
            }
        }
    }
}
