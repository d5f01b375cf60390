using Tacit.Tensors;
using Tacit.Tensors.Simd;

namespace Tacit.Data.Features;

/// <summary>
/// Kaldi's FBANK: the logarithm of the energies in triangular mel bands, [frames, NumMelBins (+ 1 with UseEnergy)]. Equal to
/// torchaudio.compliance.kaldi.fbank.
/// </summary>
public sealed unsafe class KaldiFbank : KaldiFeatures
{
    private readonly KaldiFbankOptions options;
    private readonly MelFilters filters;

    /// <exception cref="TacitException">The options cannot work; the message says which.</exception>
    public KaldiFbank(KaldiFbankOptions options)
        : base(Checked(options), options.NumMelBins + (options.UseEnergy ? 1 : 0))
    {
        this.options = options;
        filters = MelFilters.Kaldi(options.NumMelBins, options.FftSize, options.SampleFrequency, options.LowFreq, options.Highest);
    }

    internal override void Block<V>(float* samples, int length, int first, int frames, float* features)
    {
        int lanes = V.Count;
        using Scratch scratch = Scratch.Rent((Bins + 1) * lanes);
        float* energy = scratch.Data, power = energy + lanes;
        Power<V>(samples, length, first, frames, power, energy);
        if (!options.UsePower)
        {
            for (int k = 0; k < Bins; k++)
            {
                V.Sqrt(V.Load(power + (k * lanes))).Store(power + (k * lanes));
            }
        }

        float* mel = features + (options.UseEnergy ? lanes : 0);
        filters.Apply<V>(power, mel);
        if (options.UseLogFbank)
        {
            Log<V>(mel, options.NumMelBins);
        }

        if (options.UseEnergy)
        {
            V.Load(energy).Store(features);
        }
    }

    private static KaldiFbankOptions Checked(KaldiFbankOptions options)
    {
        options.Validate();
        return options;
    }
}
