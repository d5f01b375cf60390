namespace Tacit.Data.Features;

/// <summary>Kaldi's frames and the mel filters over their spectrum.</summary>
public abstract record KaldiMelOptions : KaldiFrameOptions
{
    public int NumMelBins { get; init; } = 23;

    /// <summary>The filters' lowest frequency in hertz.</summary>
    public double LowFreq { get; init; } = 20;

    /// <summary>The filters' highest frequency in hertz; 0 or below counts from half the sample frequency.</summary>
    public double HighFreq { get; init; }

    /// <summary>Whether the log energy is the first feature: one more of FBANK, in place of coefficient 0 of MFCC.</summary>
    public bool UseEnergy { get; init; }

    internal double Highest => HighFreq > 0 ? HighFreq : HighFreq + (SampleFrequency / 2);

    public override void Validate()
    {
        base.Validate();
        Require(NumMelBins is > 3 and <= 4096, $"the number of mel bins must lie within 4 and 4096, not {NumMelBins}");
        Require(
            LowFreq >= 0 && LowFreq < Highest && Highest <= SampleFrequency / 2,
            $"the frequencies must lie within 0 <= low < high <= {SampleFrequency / 2} Hz, not {LowFreq} to {Highest}");
    }
}
