using Tacit.Tensors;
using Tacit.Tensors.Simd;

namespace Tacit.Data.Features;

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
