using Tacit.Data.Features;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>The MFCC of the samples under each state of an encoder of waveforms.</summary>
/// <remarks>
/// Hsu et al. 2021 (HuBERT), arXiv:2106.07447, section IV-B: 13 coefficients, their differences and the differences of those, every
/// 160 samples; state t of an encoder of stride 320 goes with frame 2t. A recording that was normalised as a whole has the same
/// coefficients but for a constant in the zeroth.
/// </remarks>
internal static class StateMfcc
{
    private static readonly WithDeltas Mfcc = WithDeltas.HubertMfcc();

    /// <summary>Numbers of a frame: 39.</summary>
    public static int Width => Mfcc.Dim;

    /// <summary>The states of all items one after the other, [sum of counts, 39]; one row of zeros where there are none.</summary>
    /// <param name="waves">[N, T]</param>
    /// <param name="lengths">Samples of each that are real.</param>
    /// <param name="counts">States of each.</param>
    /// <param name="stride">Samples from one state to the next, at least 160.</param>
    public static Tensor Of(Tensor waves, int[] lengths, int[] counts, int stride)
    {
        Tensor rows = Tensor.Zeros(new Shape(Math.Max(1, counts.Sum()), Width));
        var body = new Item(waves, lengths, counts, stride, rows);
        WorkerPool.Shared.For(counts.Length, ref body);
        return rows;
    }

    private readonly struct Item(Tensor waves, int[] lengths, int[] counts, int stride, Tensor rows) : IBlockBody
    {
        public void Invoke(int n)
        {
            if (counts[n] == 0)
            {
                return;
            }

            float[] frames = Mfcc.Compute(waves.Span.Slice(n * waves.Shape[1], lengths[n]));
            int first = counts.AsSpan(0, n).ToArray().Sum();
            for (int t = 0; t < counts[n]; t++)
            {
                frames.AsSpan(t * stride / Mfcc.Shift * Width, Width).CopyTo(rows.Span[((first + t) * Width)..]);
            }
        }
    }
}
