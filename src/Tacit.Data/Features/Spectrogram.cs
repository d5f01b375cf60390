using Tacit.Tensors;

namespace Tacit.Data.Features;

/// <summary>The power (or magnitude) spectrum, [frames, NFft / 2 + 1]. Equal to torchaudio.transforms.Spectrogram, frames first.</summary>
public sealed unsafe class Spectrogram : TorchFeatures
{
    /// <exception cref="TacitException">The options cannot work; the message says which.</exception>
    public Spectrogram(SpectrogramOptions options)
        : base(Checked(options), (options.NFft / 2) + 1) { }

    internal override void Block<V>(float* samples, int length, int first, int frames, float* features) =>
        Spectrum<V>(samples, length, first, frames, features);

    private static SpectrogramOptions Checked(SpectrogramOptions options)
    {
        options.Validate();
        return options;
    }
}
