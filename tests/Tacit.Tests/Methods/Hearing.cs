using Tacit.Data.Loading;
using Tacit.Models;
using Tacit.Tensors;

namespace Tacit.Tests.Methods;

/// <summary>Small encoders and batches for methods of recordings.</summary>
internal static class Hearing
{
    public static BackboneOptions Ntt { get; } = new() { Name = BackboneFactory.AudioNtt, Dim = 12, Mels = 16, Dropout = 0 };

    public static BackboneOptions Bert { get; } = new() { Name = BackboneFactory.FbankTransformer, Dim = 16, Depth = 1, Heads = 2, Mels = 8, Dropout = 0 };

    /// <summary>Log-mel pictures [2N, 16, 16, 1] in two views that share most of their noise, all of it where they are alike.</summary>
    public static Batch Pictures(int items = 12, bool alike = false) => Of(items, alike, new Shape(2 * items, 16, 16, 1), null);

    /// <summary>Frames [2N, T, 8] in two views, zeros behind each item's length.</summary>
    public static Batch Frames(int[] lengths, bool alike = false)
    {
        int frames = lengths.Max();
        Batch batch = Of(lengths.Length, alike, new Shape(2 * lengths.Length, frames, 8), [.. lengths, .. lengths]);
        for (int row = 0; row < batch.Lengths!.Length; row++)
        {
            batch.Views.Rows(row, 1).Span[(batch.Lengths[row] * 8)..].Clear();
        }

        return batch;
    }

    private static Batch Of(int items, bool alike, Shape shape, int[]? lengths)
    {
        Tensor x = Tensor.Lasting(shape);
        Philox.FillNormal(x.Span, 9, 0, 0);
        int half = x.Length / 2;
        for (int i = 0; i < half; i++)
        {
            x.Span[half + i] = x.Span[i] + (alike ? 0 : 0.3f * x.Span[half + i]);
        }

        return new Batch(x, 2, [.. Enumerable.Range(0, items)], null) { Lengths = lengths };
    }
}
