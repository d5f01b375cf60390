using Tacit.Data.Loading;
using Tacit.Tensors;

namespace Tacit.Evaluation.Suite;

/// <summary>
/// FBANK: 80 log-mel bins with first and second differences, 100 frames a second. <c>raw</c> is shifted and scaled by fixed numbers;
/// <c>raw:cmvn</c> has mean 0 and deviation 1 over each recording, as encoders that look at FBANK see it. What is normalised that way tells
/// nothing of the microphone, and nothing at all to heads that average over time, since the mean is 0 for every recording.
/// </summary>
/// <remarks>
/// The benchmark's FBANK is the second: its published scores on tasks that average over time are those of chance (Yang et al. 2021,
/// arXiv:2105.01051, table 2), where its leaderboard's are not. The numbers are mean and deviations of LibriSpeech.
/// </remarks>
internal sealed class FbankUpstream(bool perRecording)
    : Upstream(perRecording ? NormalisedName : Encoder.RawName, Shown(perRecording), ["fbank"], 3 * Mels, 160, null, perRecording ? "" : FormattableString.Invariant($"{Mean} {Deviation} {Slope} {Bend}"))
{
    /// <summary>What <c>superb</c> calls FBANK that is normalised recording by recording.</summary>
    public const string NormalisedName = "raw:cmvn";

    private const int Mels = 80;

    /// <summary>Of all bins together, and the deviations of their first and second differences.</summary>
    private const float Mean = -6.65f, Deviation = 3.80f, Slope = 0.69f, Bend = 0.27f;

    private static SoundInput Shown(bool perRecording) => new() { Form = SoundForm.Frames, Mels = Mels, Deltas = 2, Normalize = perRecording };

    private protected override (IReadOnlyList<Tensor> Layers, int[] Lengths) Layered(Batch batch)
    {
        if (perRecording)
        {
            return ([batch.Views], batch.Lengths!);
        }

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
