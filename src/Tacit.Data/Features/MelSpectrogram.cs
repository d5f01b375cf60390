using Tacit.Tensors;
using Tacit.Tensors.Simd;

namespace Tacit.Data.Features;

/// <summary>Energies in mel bands, [frames, NMels]. Equal to torchaudio.transforms.MelSpectrogram, frames first.</summary>
public unsafe class MelSpectrogram : TorchFeatures
{
    private readonly MelFilters filters;

    /// <exception cref="TacitException">The options cannot work; the message says which.</exception>
    public MelSpectrogram(MelSpectrogramOptions options)
        : this(options, options.NMels) { }

    private protected MelSpectrogram(MelSpectrogramOptions options, int dim)
        : base(Checked(options), dim)
    {
        filters = MelFilters.Torch(options.NMels, Bins, options.SampleRate, options.FMin, options.Highest, options.MelScale, options.SlaneyNorm);
    }

    internal override void Block<V>(float* samples, int length, int first, int frames, float* features)
    {
        using Scratch spectrum = Scratch.Rent(Bins * V.Count);
        Spectrum<V>(samples, length, first, frames, spectrum.Data);
        filters.Apply<V>(spectrum.Data, features);
    }

    private protected static void Log<V>(float* x, int count, float epsilon)
        where V : struct, IVec<V>
    {
        V offset = V.Broadcast(epsilon);
        for (int i = 0; i < count; i++)
        {
            VecMath.Log(V.Load(x + (i * V.Count)) + offset).Store(x + (i * V.Count));
        }
    }

    private static MelSpectrogramOptions Checked(MelSpectrogramOptions options)
    {
        options.Validate();
        return options;
    }
}
