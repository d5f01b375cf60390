namespace Tacit.Data.Augment;

/// <summary>What is done to a view of a recording: to its samples first, in the order of the properties, then to its frames. Nothing by default.</summary>
public sealed record SoundAugmentationOptions
{
    /// <summary>Probability that a part of another recording is mixed in (WavLM, Chen et al. 2022, arXiv:2110.13900, section 3.3).</summary>
    public float MixProbability { get; init; }

    /// <summary>Probability that the speed changes, by a factor from <see cref="MinSpeed"/> to <see cref="MaxSpeed"/>.</summary>
    public float SpeedProbability { get; init; }

    public float MinSpeed { get; init; } = 0.9f;

    public float MaxSpeed { get; init; } = 1.1f;

    /// <summary>Probability that the pitch moves, by at most <see cref="PitchSemitones"/> up or down.</summary>
    public float PitchProbability { get; init; }

    public float PitchSemitones { get; init; } = 3;

    /// <summary>Probability that the sound is put into a room of decaying echoes.</summary>
    public float ReverbProbability { get; init; }

    /// <summary>Probability that noise is added, at a ratio of signal to noise from <see cref="MinSnr"/> to <see cref="MaxSnr"/> decibels.</summary>
    public float NoiseProbability { get; init; }

    public float MinSnr { get; init; } = 5;

    public float MaxSnr { get; init; } = 20;

    /// <summary>Probability that a band of frequencies is taken out.</summary>
    public float BandDropProbability { get; init; }

    /// <summary>The loudness changes by at most so many decibels up or down.</summary>
    public float GainDecibels { get; init; }

    /// <summary>The most that another recording's log-mel frames weigh when they are mixed in (BYOL-A, Niizumi et al. 2021, arXiv:2103.06695, section III-B).</summary>
    public float MixupRatio { get; init; }

    /// <summary>Whether a random part of the log-mel picture is resized to the whole (BYOL-A).</summary>
    public bool ResizeCrop { get; init; }

    /// <summary>Masked stretches of time (SpecAugment, Park et al. 2019, arXiv:1904.08779).</summary>
    public int TimeMasks { get; init; }

    /// <summary>Frames that a masked stretch has at most.</summary>
    public int TimeMaskFrames { get; init; } = 40;

    /// <summary>Masked bands of frequencies.</summary>
    public int FrequencyMasks { get; init; }

    /// <summary>Mel bins that a masked band has at most.</summary>
    public int FrequencyMaskBins { get; init; } = 27;

    /// <summary>Frames that a point of the time axis moves at most.</summary>
    public int TimeWarp { get; init; }

    /// <summary>Whether anything is done to samples.</summary>
    public bool ChangesSamples =>
        MixProbability > 0 || SpeedProbability > 0 || PitchProbability > 0 || ReverbProbability > 0 || NoiseProbability > 0 || BandDropProbability > 0 || GainDecibels > 0;

    /// <summary>Whether anything is done to frames or log-mel pictures, which waveforms do not have.</summary>
    public bool ChangesFrames => MixupRatio > 0 || ResizeCrop || TimeMasks > 0 || FrequencyMasks > 0 || TimeWarp > 0;

    /// <summary>Nothing is changed.</summary>
    public static SoundAugmentationOptions None { get; } = new();

    /// <summary>BYOL-A's: mixup and resized crops of log-mel pictures.</summary>
    public static SoundAugmentationOptions ByolA { get; } = new() { MixupRatio = 0.4f, ResizeCrop = true };

    /// <summary>Refuses values that cannot work together.</summary>
    /// <exception cref="TacitException">They cannot; the message says why.</exception>
    public void Validate()
    {
        if (MinSpeed > MaxSpeed || MinSnr > MaxSnr)
        {
            throw new TacitException(MinSpeed > MaxSpeed
                ? $"sound.min-speed ({MinSpeed}) is above sound.max-speed ({MaxSpeed})."
                : $"sound.min-snr ({MinSnr}) is above sound.max-snr ({MaxSnr}).");
        }
    }
}
