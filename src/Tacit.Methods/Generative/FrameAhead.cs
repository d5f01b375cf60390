using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>What methods share that tell frames of the future.</summary>
internal static class FrameAhead
{
    /// <summary>Distances in frames.</summary>
    public static Interval Steps => new(1, 1000);

    /// <summary>Adam at 1e-4 and batches of 32, as published for APC.</summary>
    public static MethodSetup Setup { get; } = new()
    {
        Architecture = BackboneFactory.Gru,
        Optimizer = new OptimizerOptions { Name = "adam", Lr = 1e-4, WeightDecay = 0, ClipNorm = 5 },
        ReferenceBatch = 32,
        BatchSize = 32,
        Schedule = new ScheduleOptions { Name = "constant" },
    };

    /// <summary>A distance below the longest view.</summary>
    public static int Fit(DataFit fit, string key, int distance)
    {
        int longest = FrameRows.Longest(fit);
        return longest > 1
            ? fit.AtMost(key, distance, longest - 1, $"the longest view has {longest} frames")
            : throw DataFit.Refusal(key, $"{distance} cannot work because the longest view has {longest} frame, which has no later one; give longer recordings");
    }

    /// <summary>The mean of |x̂ − x| over real frames, and beside it the error of telling that nothing will change.</summary>
    /// <param name="told">x̂, [M, F].</param>
    /// <param name="frames">[N, T, F]</param>
    /// <param name="now">M rows of frames that have another so many frames later.</param>
    /// <param name="later">How many.</param>
    /// <param name="diagnostics">Takes both errors.</param>
    public static Tensor Loss(Tensor told, Tensor frames, int[] now, int later, Diagnostics diagnostics)
    {
        Tensor future = FrameRows.Pick(frames, now, later);
        Tensor loss = FrameErrors.MeanAbsolute(told, future);
        diagnostics.Report("masked_error", loss.ToScalar());
        if (diagnostics.Detailed)
        {
            using Scope scope = Scope.NoGradient();
            diagnostics.Report("visible_error", FrameErrors.MeanAbsolute(told, FrameRows.Pick(frames, now)).ToScalar());
            diagnostics.Report("copy_error", FrameErrors.MeanAbsolute(FrameRows.Pick(frames, now), future).ToScalar());
        }

        return loss;
    }

    /// <summary>The frames, and what was told of each so many frames before.</summary>
    /// <param name="frames">[N, T, F]</param>
    /// <param name="now">M rows of frames that have another so many frames later.</param>
    /// <param name="later">How many.</param>
    /// <param name="tell">Gives x̂, [M, F]; not called where there is nothing to tell.</param>
    public static IReadOnlyList<FrameColumn> Columns(Tensor frames, int[] now, int later, Func<Tensor> tell)
    {
        Tensor placed = Tensor.Zeros(frames.Shape);
        int width = frames.Shape[2];
        if (now.Length > 0)
        {
            Tensor told = tell();
            for (int i = 0; i < now.Length; i++)
            {
                told.Span.Slice(i * width, width).CopyTo(placed.Span.Slice((now[i] + later) * width, width));
            }
        }

        return [new("frames", frames), new($"what it told {later} frames before", placed)];
    }
}
