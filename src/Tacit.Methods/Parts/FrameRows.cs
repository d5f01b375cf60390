using Tacit.Data.Loading;
using Tacit.Models;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>The real frames of a padded batch [N, T, F], by their rows in [N · T, F].</summary>
internal static class FrameRows
{
    private const double Shift = 0.01, Window = 0.025;

    /// <summary>Real frames of each item of the first view.</summary>
    public static int[] Lengths(Batch batch) => batch.Lengths?[..batch.Size] ?? [.. Enumerable.Repeat(batch.Views.Shape[1], batch.Size)];

    /// <summary>The rows of those frames that have another real one so many frames later: none of an item that is too short.</summary>
    public static int[] Followed(int[] lengths, int frames, int later) =>
        [.. lengths.SelectMany((length, item) => Enumerable.Range(item * frames, Math.Max(0, length - later)))];

    /// <summary>[N, T, F] to [rows, F], the rows so many frames later.</summary>
    public static Tensor Pick(Tensor x, int[] rows, int later = 0) =>
        Ops.Gather(x.Reshape(-1, x.Shape.Last), later == 0 ? rows : Array.ConvertAll(rows, row => row + later));

    /// <summary>The loss of a batch of which no item is long enough for the question: 0, and no gradient but 0.</summary>
    public static Tensor NothingToTell(Tensor states) => Ops.Multiply(Ops.Mean(states), 0f);

    /// <summary>Frames of the longest view of a run.</summary>
    public static int Longest(DataFit fit) => BackboneFactory.SoundKind(fit.Model.Name) == "frames"
        ? Math.Max(1, (int)(((fit.Seconds - Window) / Shift) + 1e-6) + 1)
        : Math.Max(1, (int)(fit.Seconds * fit.Rate / 160) + 1);
}
