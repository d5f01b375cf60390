using Tacit.Data.Features;
using Tacit.Tensors;

namespace Tacit.Tests.Data.Augment.Sounds;

/// <summary>Sounds made by hand, and measures in double.</summary>
internal static class Sounds
{
    public const int Rate = 16000;

    public static RandomSequence Random(long step = 0) => new(5, Philox.Hash("sounds"), step);

    public static float[] Tone(double hertz, int samples, double amplitude = 0.5) =>
        [.. Enumerable.Range(0, samples).Select(t => (float)(amplitude * Math.Sin(2 * Math.PI * hertz * t / Rate)))];

    public static float[] Noise(int samples, long step = 0)
    {
        float[] noise = new float[samples];
        Philox.FillNormal(noise, 9, Philox.Hash("noise"), step);
        return noise;
    }

    public static double Power(IEnumerable<float> x) => x.Average(v => (double)v * v);

    public static double Decibels(double ratio) => 10 * Math.Log10(ratio);

    /// <summary>The power at each of Size / 2 + 1 frequencies.</summary>
    public static double[] PowerSpectrum(ReadOnlySpan<float> x)
    {
        float[] spectrum = new float[x.Length + 2];
        new Fft(x.Length).Forward(x, spectrum);
        return [.. spectrum.Chunk(2).Select(z => ((double)z[0] * z[0]) + ((double)z[1] * z[1]))];
    }
}
