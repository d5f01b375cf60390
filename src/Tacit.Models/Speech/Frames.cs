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
}
