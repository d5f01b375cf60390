using Tacit.Tensors;

namespace Tacit.Models;

/// <summary>What padded batches of frames [N, T, C] need.</summary>
public static class Frames
{
    /// <summary>Frames that a convolution makes of so many: 0 where they are fewer than it sees.</summary>
    public static int After(int length, int kernel, int stride, int padding = 0) =>
        length + (2 * padding) < kernel ? 0 : ((length + (2 * padding) - kernel) / stride) + 1;

    /// <summary>x with 0 in all frames from lengths[n] on; x itself where there are none.</summary>
    /// <param name="x">[N, T, C]</param>
    /// <param name="lengths">N numbers up to T; null where nothing is padded.</param>
    public static Tensor Mask(Tensor x, int[]? lengths)
    {
        if (lengths is null)
        {
            return x;
        }

        int items = x.Shape[0], frames = x.Shape[1];
        if (x.Rank != 3 || lengths.Length != items || lengths.AsSpan().ContainsAnyExceptInRange(0, frames))
        {
            throw ShapeException.Unfit("Frames.Mask", x.Shape, $"lengths [{string.Join(", ", lengths)}] are one for each item of [N, T, C], from 0 to T");
        }

        if (!lengths.AsSpan().ContainsAnyExcept(frames))
        {
            return x;
        }

        Tensor mask = Tensor.Zeros(new Shape(items, frames, 1));
        for (int n = 0; n < items; n++)
        {
            mask.Span.Slice(n * frames, lengths[n]).Fill(1);
        }

        return Ops.Multiply(x, mask);
    }

    /// <summary>x with one vector in place of the frames that are hidden.</summary>
    /// <param name="x">[N, T, D]</param>
    /// <param name="hidden">N · T, item by item: which.</param>
    /// <param name="vector">[D], for example <see cref="Wav2Vec2Encoder.MaskEmbedding"/>.</param>
    public static Tensor Replace(Tensor x, bool[] hidden, Tensor vector)
    {
        if (x.Rank != 3 || hidden.Length != x.Shape[0] * x.Shape[1])
        {
            throw ShapeException.Unfit("Frames.Replace", x.Shape, $"{hidden.Length} frames of [N, T, D] were said to be hidden or not");
        }

        Tensor keep = Tensor.Empty(new Shape(x.Shape[0], x.Shape[1], 1)), hide = Tensor.Empty(keep.Shape);
        for (int i = 0; i < hidden.Length; i++)
        {
            hide.Span[i] = hidden[i] ? 1 : 0;
            keep.Span[i] = hidden[i] ? 0 : 1;
        }

        return Ops.Add(Ops.Multiply(x, keep), Ops.Multiply(hide, vector.Reshape(1, 1, -1)));
    }
}
