using Tacit.Data.Loading;
using Tacit.Tensors;

namespace Tacit.Evaluation.Suite;

/// <summary>
/// <c>raw</c>: 80 log-mel bins with first and second differences, 100 frames a second, shifted and scaled by fixed numbers. It is not
/// normalised recording by recording: the mean over time of what is normalised that way is 0 for every recording, so that heads which
/// average over time would be left with nothing.
/// </summary>
/// <remarks>
/// The benchmark's FBANK (Yang et al. 2021, arXiv:2105.01051, table 2) is 80 bins with differences and is normalised recording by
/// recording; its scores on tasks that average over time are those of chance. The numbers are mean and deviation of LibriSpeech.
/// </remarks>
internal sealed class FbankUpstream() : Upstream(Encoder.RawName, Shown, ["fbank"], 3 * Mels, Shown.Rate / 100, null)
{
    private const int Mels = 80;

    /// <summary>Of all bins together, and the deviations of their first and second differences.</summary>
    private const float Mean = -7.0f, Deviation = 4.0f, Slope = 0.5f, Bend = 0.25f;

    private static SoundInput Shown { get; } = new() { Form = SoundForm.Frames, Mels = Mels, Deltas = 2, Normalize = false };

    private protected override (IReadOnlyList<Tensor> Layers, int[] Lengths) Layered(Batch batch)
    {
        Tensor scaled = Tensor.Empty(batch.Views.Shape);
        ReadOnlySpan<float> from = batch.Views.Span;
        Span<float> to = scaled.Span;
        for (int i = 0; i < to.Length; i++)
        {
            to[i] = (i / Mels % 3) switch
            {
                0 => (from[i] - Mean) / Deviation,
                1 => from[i] / Slope,
                _ => from[i] / Bend,
            };
        }

        return ([scaled], batch.Lengths!);
    }
}
