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

/// <summary>log(mel + ε), [frames, NMels]: the pictures of sound of COLA, BYOL-A and DeLoRes.</summary>
/// <param name="options">The mel spectrogram.</param>
/// <param name="epsilon">ε; BYOL-A's is float32's epsilon.</param>
public sealed unsafe class LogMel(MelSpectrogramOptions options, float epsilon = 1.1920929e-7f) : MelSpectrogram(options)
{
    internal override void Block<V>(float* samples, int length, int first, int frames, float* features)
    {
        base.Block<V>(samples, length, first, frames, features);
        Log<V>(features, Dim, epsilon);
    }
}

/// <summary>
/// The cosine transform of mel energies in decibels, none more than 80 dB below the loudest of the sound, [frames, NMfcc]. Equal
/// to torchaudio.transforms.MFCC, frames first.
/// </summary>
public sealed unsafe class Mfcc : MelSpectrogram
{
    private const float LogOffset = 1e-6f, TopDb = 80;

    private readonly MelSpectrogram mel;
    private readonly Dct dct;
    private readonly bool logMels;
    private readonly int nMels;

    /// <exception cref="TacitException">The options cannot work; the message says which.</exception>
    public Mfcc(MfccOptions options)
        : base(options, options.NMfcc)
    {
        mel = new MelSpectrogram(options);
        dct = new Dct(options.NMels, options.NMfcc);
        (logMels, nMels) = (options.LogMels, options.NMels);
    }

    public override void Write(ReadOnlySpan<float> samples, Span<float> features)
    {
        if (logMels)
        {
            base.Write(samples, features);
            return;
        }

        // The loudest of the whole sound comes first.
        int frames = Expect(samples.Length, features.Length);
        using Scratch energies = Scratch.Rent(checked(frames * nMels));
        var all = new Span<float>(energies.Data, frames * nMels);
        mel.Write(samples, all);
        AmplitudeToDb.Power(all, TopDb);
        fixed (float* y = features)
        {
            for (int t = 0; t < frames; t++)
            {
                dct.Apply<V1>(energies.Data + ((nint)t * nMels), y + ((nint)t * Dim));
            }
        }
    }

    internal override void Block<V>(float* samples, int length, int first, int frames, float* features)
    {
        using Scratch energies = Scratch.Rent(nMels * V.Count);
        base.Block<V>(samples, length, first, frames, energies.Data);
        Log<V>(energies.Data, nMels, LogOffset);
        dct.Apply<V>(energies.Data, features);
    }
}
