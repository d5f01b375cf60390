using Tacit.Tensors;

namespace Tacit.Data.Features;

/// <summary>
/// How Kaldi cuts and prepares frames, by the names of torchaudio.compliance.kaldi, whose defaults these are. Sound is never
/// dithered.
/// </summary>
public record KaldiFrameOptions
{
    /// <summary>Samples per second.</summary>
    public double SampleFrequency { get; init; } = 16000;

    /// <summary>A frame's length in milliseconds.</summary>
    public double FrameLength { get; init; } = 25;

    /// <summary>Milliseconds from one frame to the next.</summary>
    public double FrameShift { get; init; } = 10;

    /// <summary>x[t] - c x[t-1], within each frame.</summary>
    public float PreemphasisCoefficient { get; init; } = 0.97f;

    /// <summary>Whether each frame's mean is subtracted.</summary>
    public bool RemoveDcOffset { get; init; } = true;

    public WindowType WindowType { get; init; } = WindowType.Povey;

    public double BlackmanCoeff { get; init; } = 0.42;

    /// <summary>Whether frames are filled up with zeros to a power of two for the Fourier transform.</summary>
    public bool RoundToPowerOfTwo { get; init; } = true;

    /// <summary>Only frames that lie within the sound; otherwise one per shift, the sound mirrored at its ends.</summary>
    public bool SnipEdges { get; init; } = true;

    /// <summary>Whether a frame's energy is taken before pre-emphasis and window, or behind.</summary>
    public bool RawEnergy { get; init; } = true;

    /// <summary>The least energy, in the sound's own units; 0 for float32's epsilon alone.</summary>
    public double EnergyFloor { get; init; } = 1;

    /// <summary>Whether the mean over all frames is subtracted from every feature.</summary>
    public bool SubtractMean { get; init; }

    internal int WindowSize => (int)(SampleFrequency * FrameLength * 0.001);

    internal int WindowShift => (int)(SampleFrequency * FrameShift * 0.001);

    internal int FftSize => RoundToPowerOfTwo ? (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)WindowSize) : WindowSize;

    /// <summary>Refuses values that cannot work.</summary>
    /// <exception cref="TacitException">A value is out of its range; the message names it.</exception>
    public virtual void Validate()
    {
        Require(SampleFrequency > 0 && SampleFrequency < 1e7, $"the sample frequency must be above 0 and below 10 MHz, not {SampleFrequency}");
        Require(FrameLength is > 0 and < 1e4 && WindowSize >= 2, $"a frame of {FrameLength} ms must hold 2 samples or more, and 10 s at most");
        Require(FrameShift is > 0 and < 1e4 && WindowShift >= 1, $"a shift of {FrameShift} ms must be 1 sample or more, and 10 s at most");
        Require(FftSize % 2 == 0, $"a frame of {WindowSize} samples is odd; round it to a power of two or change its length");
        Require(PreemphasisCoefficient is >= 0 and <= 1, $"the pre-emphasis must lie within 0 and 1, not {PreemphasisCoefficient}");
        Require(EnergyFloor >= 0 && double.IsFinite(EnergyFloor), $"the energy floor must not be negative, as {EnergyFloor} is");
    }

    private protected static void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new TacitException($"The features cannot be computed: {what}.");
        }
    }
}
