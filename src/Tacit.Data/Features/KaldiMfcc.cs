using Tacit.Tensors;
using Tacit.Tensors.Simd;

namespace Tacit.Data.Features;

/// <summary>
/// Kaldi's MFCC: the cosine transform of log mel energies, liftered, [frames, NumCeps]. Equal to torchaudio.compliance.kaldi.mfcc.
/// </summary>
/// <remarks>Davis and Mermelstein 1980.</remarks>
public sealed unsafe class KaldiMfcc : KaldiFeatures
{
    private readonly KaldiMfccOptions options;
    private readonly MelFilters filters;
    private readonly Dct dct;

    /// <exception cref="TacitException">The options cannot work; the message says which.</exception>
    public KaldiMfcc(KaldiMfccOptions options)
        : base(Checked(options), options.NumCeps)
    {
        this.options = options;
        filters = MelFilters.Kaldi(options.NumMelBins, options.FftSize, options.SampleFrequency, options.LowFreq, options.Highest);
        dct = new Dct(options.NumMelBins, options.NumCeps, options.CepstralLifter);
    }

    internal override void Block<V>(float* samples, int length, int first, int frames, float* features)
    {
        int lanes = V.Count;
        using Scratch scratch = Scratch.Rent((Bins + filters.Count + 1) * lanes);
        float* energy = scratch.Data, power = energy + lanes, mel = power + (Bins * lanes);
        Power<V>(samples, length, first, frames, power, energy);
        filters.Apply<V>(power, mel);
        Log<V>(mel, filters.Count);
        dct.Apply<V>(mel, features);
        if (options.UseEnergy)
        {
            V.Load(energy).Store(features);
        }
    }

    private static KaldiMfccOptions Checked(KaldiMfccOptions options)
    {
        options.Validate();
        return options;
    }
}
