namespace Tacit.Data.Augment;

/// <summary>Each channel's mean and standard deviation, as parts of the full level: a network sees (level / 255 - mean) / deviation.</summary>
public sealed record Normalization
{
    public Normalization(IReadOnlyList<float> mean, IReadOnlyList<float> deviation)
    {
        ArgumentNullException.ThrowIfNull(mean);
        ArgumentNullException.ThrowIfNull(deviation);
        if (mean.Count != 3 || deviation.Count != 3 || !deviation.All(d => d > 0 && float.IsFinite(d)) || !mean.All(float.IsFinite))
        {
            throw new TacitException("A normalisation needs three means and three standard deviations above 0.");
        }

        Mean = mean;
        Deviation = deviation;
    }

    /// <summary>CIFAR-10's own statistics, as solo-learn gives them.</summary>
    public static Normalization Cifar10 { get; } = new([0.4914f, 0.4822f, 0.4465f], [0.2470f, 0.2435f, 0.2616f]);

    public static Normalization ImageNet { get; } = new([0.485f, 0.456f, 0.406f], [0.229f, 0.224f, 0.225f]);

    /// <summary>Levels 0 … 1 as they are.</summary>
    public static Normalization None { get; } = new([0, 0, 0], [1, 1, 1]);

    public IReadOnlyList<float> Mean { get; }

    public IReadOnlyList<float> Deviation { get; }

    /// <summary>What a level of 0 … 255 is multiplied by.</summary>
    internal float Factor(int channel) => 1 / (255 * Deviation[channel]);

    /// <summary>What is added after that.</summary>
    internal float Offset(int channel) => -Mean[channel] / Deviation[channel];

    /// <summary>The level 0 … 255 that a network sees as this value, or the nearest there is.</summary>
    public byte Level(float value, int channel)
    {
        float level = ((value * Deviation[channel]) + Mean[channel]) * 255;
        return float.IsNaN(level) ? (byte)0 : (byte)Math.Clamp(MathF.Round(level), 0, 255);
    }

    public bool Equals(Normalization? other) => other is not null && Mean.SequenceEqual(other.Mean) && Deviation.SequenceEqual(other.Deviation);

    public override int GetHashCode() => HashCode.Combine(Mean[0], Mean[1], Mean[2], Deviation[0], Deviation[1], Deviation[2]);
}
