using Tacit.Tensors;

namespace Tacit.Data.Features;

/// <summary>A spectrogram and the mel filters over it, by the names of torchaudio.transforms.MelSpectrogram, whose defaults these are.</summary>
public record MelSpectrogramOptions : SpectrogramOptions
{
    public int NMels { get; init; } = 128;

    /// <summary>The lowest frequency in hertz.</summary>
    public double FMin { get; init; }

    /// <summary>The highest frequency in hertz; 0 for half the sample rate.</summary>
    public double FMax { get; init; }

    public MelScale MelScale { get; init; } = MelScale.Htk;

    /// <summary>Whether every triangle over hertz has area 1 (torchaudio's norm "slaney") instead of height 1.</summary>
    public bool SlaneyNorm { get; init; }

    /// <summary>
    /// BYOL-A's: 64 bins from 60 to 7800 Hz of 64 ms every 10 ms at 16 kHz. The logarithm is taken of mel + ε: <see cref="LogMel"/>.
    /// </summary>
    /// <remarks>Niizumi et al. 2021, arXiv:2103.06695, section IV.</remarks>
    public static MelSpectrogramOptions ByolA { get; } = new() { NFft = 1024, HopLength = 160, NMels = 64, FMin = 60, FMax = 7800 };

    internal double Highest => FMax > 0 ? FMax : SampleRate / 2;

    public override void Validate()
    {
        base.Validate();
        Require(NMels is >= 1 and <= 4096, $"the number of mel bins must lie within 1 and 4096, not {NMels}");
        Require(
            FMin >= 0 && FMin < Highest && Highest <= SampleRate / 2.0,
            $"the frequencies must lie within 0 <= low < high <= {SampleRate / 2.0} Hz, not {FMin} to {Highest}");
    }
}
