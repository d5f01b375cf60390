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
