using Tacit.Tensors;

namespace Tacit.Data.Augment;

/// <summary>A band of frequencies that is silenced; width and place are drawn evenly in mel, as hearing has it.</summary>
/// <remarks>Kharitonov et al. 2021, arXiv:2007.00991, section 3 (band reject): SpecAugment's frequency mask for waveforms.</remarks>
public sealed record BandDropOptions
{
    public float Probability { get; init; } = 1;

    /// <summary>The widest band, as a fraction of the mel axis up to half the sample rate.</summary>
    public float MaxWidth { get; init; } = 0.15f;

    /// <exception cref="TacitException">A value is out of its range.</exception>
    public void Validate()
    {
        Check.Probability(Probability);
        Check.Range("the width of the band", 0, MaxWidth, 0, 1);
    }
}

/// <summary>Silences a band of frequencies by a filter of constant delay, which is taken back.</summary>
public static class BandDrop
{
    private const int Reach = 256;      // samples on either side: edges of about 1 / 100 of half the sample rate

    /// <summary>Silences low … high hertz in place.</summary>
    public static void Apply(Span<float> sound, int sampleRate, double low, double high)
    {
        low = Math.Max(low, 0) / sampleRate;
        high = Math.Min(high / sampleRate, 0.5);
        if (high <= low)
        {
            return;
        }

        // All, less an ideal band-pass under Hamming's window.
        Span<float> taps = stackalloc float[(2 * Reach) + 1];
        for (int k = -Reach; k <= Reach; k++)
        {
            double band = k == 0 ? 2 * (high - low) : (Math.Sin(2 * Math.PI * high * k) - Math.Sin(2 * Math.PI * low * k)) / (Math.PI * k);
            taps[k + Reach] = (float)((k == 0 ? 1 : 0) - (band * (0.54 + (0.46 * Math.Cos(Math.PI * k / Reach)))));
        }

        Convolution.Run(sound, taps, Reach);
    }

    /// <summary>With the options' probability draws a band and silences it, in place.</summary>
    public static void Run(Span<float> sound, int sampleRate, BandDropOptions options, ref RandomSequence random)
    {
        if (random.NextUniform() >= options.Probability)
        {
            return;
        }

        double top = Mel(sampleRate / 2.0);
        double width = random.NextUniform() * options.MaxWidth * top;
        double from = random.NextUniform() * (top - width);
        Apply(sound, sampleRate, Hertz(from), Hertz(from + width));
    }

    private static double Mel(double hertz) => 2595 * Math.Log10(1 + (hertz / 700));

    private static double Hertz(double mel) => 700 * (Math.Pow(10, mel / 2595) - 1);
}
