using Tacit.Data;
using Tacit.Tensors;

namespace Tacit.Tests.Training;

/// <summary>Short recordings in memory: three classes that differ in pitch, four speakers that differ in timbre, lengths from 0.4 to 1.3 seconds.</summary>
internal static class TinySounds
{
    private const int Count = 24, Rate = 16000;

    public static SoundDataset Open() => SoundDataset.Of(
        "tiny", [.. Enumerable.Range(0, Count).Select(Make)], Rate, [.. Enumerable.Range(0, Count).Select(i => i % 3)], [.. Enumerable.Range(0, Count).Select(i => $"speaker{i % 4}")]);

    private static float[] Make(int item)
    {
        var random = new RandomSequence(5, (ulong)item, 0);
        var samples = new float[(int)(Rate * (0.4 + (0.0375 * item)))];
        double pitch = 120 * (1 + (item % 3)), decay = 1.5 + (item % 4);
        for (int i = 0; i < samples.Length; i++)
        {
            double value = 0;
            for (int harmonic = 1; harmonic <= 6; harmonic++)
            {
                value += Math.Sin(2 * Math.PI * pitch * harmonic * i / Rate) / Math.Pow(harmonic, decay / 2);
            }

            samples[i] = (float)((0.2 * value * (0.6 + (0.4 * Math.Sin(i * 0.002 * (1 + (item % 5)))))) + (0.01 * random.NextNormal()));
        }

        return samples;
    }
}
