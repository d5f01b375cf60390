using Tacit.Tensors.Simd;

namespace Tacit.Data.Features;

/// <summary>
/// Kaldi's log power spectrum, [frames, FFT size / 2 + 1]; the frame's log energy takes the place of frequency 0. Equal to
/// torchaudio.compliance.kaldi.spectrogram.
/// </summary>
public sealed unsafe class KaldiSpectrogram : KaldiFeatures
{
    /// <exception cref="Tacit.TacitException">The options cannot work; the message says which.</exception>
    public KaldiSpectrogram(KaldiFrameOptions options)
        : base(Checked(options), (options.FftSize / 2) + 1) { }

    internal override void Block<V>(float* samples, int length, int first, int frames, float* features)
    {
        using var energy = Tensors.Scratch.Rent(V.Count);
        Power<V>(samples, length, first, frames, features, energy.Data);
        Log<V>(features, Bins);
        V.Load(energy.Data).Store(features);
    }

    private static KaldiFrameOptions Checked(KaldiFrameOptions options)
    {
        options.Validate();
        return options;
    }
}
