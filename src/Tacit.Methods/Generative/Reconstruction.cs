using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>What Mockingjay and TERA share.</summary>
internal static class Reconstruction
{
    /// <summary>Shares of frames that can be hidden.</summary>
    public static Interval Ratios => new(0, 1, OpenLow: true, OpenHigh: true);

    /// <summary>Lengths of a span.</summary>
    public static Interval Spans => new(1, 1000);

    /// <summary>A span is at most half of the longest view.</summary>
    public static int FitSpan(DataFit fit, int span) =>
        fit.AtMost("method.span", span, Math.Max(1, FrameRows.Longest(fit) / 2), $"the longest view has {FrameRows.Longest(fit)} frames");

    /// <summary>The error of what was altered, and beside it that of what was left as it is.</summary>
    public static Tensor Loss(Tensor told, Tensor frames, AlteredFrames altered, int[] lengths, Diagnostics diagnostics)
    {
        Tensor loss = FrameErrors.MeanAbsolute(told, frames, altered.Mask);
        diagnostics.Report("masked_error", loss.ToScalar());
        if (diagnostics.Detailed)
        {
            using Scope scope = Scope.NoGradient();
            Tensor visible = altered.Visible(lengths);
            if (visible.Span.Contains(1))
            {
                diagnostics.Report("visible_error", FrameErrors.MeanAbsolute(told, frames, visible).ToScalar());
            }
        }

        return loss;
    }
}
