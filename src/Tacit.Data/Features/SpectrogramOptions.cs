using Tacit.Tensors;

namespace Tacit.Data.Features;

/// <summary>A short-time Fourier transform by the names of torchaudio.transforms.Spectrogram, whose defaults these are.</summary>
public record SpectrogramOptions
{
    /// <summary>Samples per second.</summary>
    public int SampleRate { get; init; } = 16000;

    /// <summary>Samples of the Fourier transform, even.</summary>
    public int NFft { get; init; } = 400;

    /// <summary>Samples of the window, in the middle of the transform; 0 for NFft.</summary>
    public int WinLength { get; init; }

    /// <summary>Samples from one frame to the next; 0 for half the window.</summary>
    public int HopLength { get; init; }

    /// <summary>The window, periodic.</summary>
    public WindowType Window { get; init; } = WindowType.Hanning;

    /// <summary>2 for power, 1 for magnitude.</summary>
    public int Power { get; init; } = 2;

    /// <summary>Whether frame t is centred on sample t · HopLength, the sound mirrored at its ends; otherwise it begins there.</summary>
    public bool Center { get; init; } = true;

    internal int Win => WinLength > 0 ? WinLength : NFft;

    internal int Hop => HopLength > 0 ? HopLength : Math.Max(1, Win / 2);

    /// <summary>Refuses values that cannot work.</summary>
    /// <exception cref="TacitException">A value is out of its range; the message names it.</exception>
    public virtual void Validate()
    {
        Require(SampleRate > 0, $"the sample rate must be above 0, not {SampleRate}");
        Require(NFft is >= 2 and <= 1 << 22 && NFft % 2 == 0, $"NFft must be even, at least 2 and at most {1 << 22}, not {NFft}");
        Require(WinLength >= 0 && WinLength <= NFft, $"the window must lie within the {NFft} samples of the transform, not {WinLength}");
        Require(HopLength >= 0, $"the hop must not be negative, as {HopLength} is");
        Require(Power is 1 or 2, $"the power must be 1 or 2, not {Power}");
    }

    private protected static void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new TacitException($"The features cannot be computed: {what}.");
        }
    }
}

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

/// <summary>Cepstral coefficients by the names of torchaudio.transforms.MFCC, whose defaults these are.</summary>
public sealed record MfccOptions : MelSpectrogramOptions
{
    public int NMfcc { get; init; } = 40;

    /// <summary>log(mel + 1e-6) instead of decibels within 80 dB of the loudest.</summary>
    public bool LogMels { get; init; }

    public override void Validate()
    {
        base.Validate();
        Require(NMfcc >= 1 && NMfcc <= NMels, $"the number of coefficients must lie within 1 and the {NMels} mel bins, not {NMfcc}");
    }
}
