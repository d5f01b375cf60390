using Tacit.Tensors.Simd;

namespace Tacit.Data.Features;

/// <summary>How hertz become mel.</summary>
public enum MelScale
{
    /// <summary>2595 log10(1 + f / 700).</summary>
    Htk,

    /// <summary>Linear up to 1 kHz, then logarithmic (Slaney's Auditory Toolbox).</summary>
    Slaney,
}

/// <summary>Overlapping triangles over the bins of a spectrum; only the weights that are not 0 are kept.</summary>
internal sealed unsafe class MelFilters
{
    private readonly int[] starts;          // first bin of each filter
    private readonly int[] ends;
    private readonly float[] weights;       // pinned, filter after filter

    private MelFilters(Func<int, int, double> weight, int filters, int bins)
    {
        starts = new int[filters];
        ends = new int[filters];
        var kept = new List<float>();
        for (int f = 0; f < filters; f++)
        {
            int start = 0, end = bins;
            while (start < end && weight(f, start) <= 0)
            {
                start++;
            }

            while (end > start && weight(f, end - 1) <= 0)
            {
                end--;
            }

            (starts[f], ends[f]) = (start, end);
            for (int k = start; k < end; k++)
            {
                kept.Add((float)Math.Max(0, weight(f, k)));
            }
        }

        weights = GC.AllocateArray<float>(Math.Max(1, kept.Count), pinned: true);
        kept.CopyTo(weights);
    }

    public int Count => starts.Length;

    /// <summary>
    /// Kaldi's: triangles whose sides are straight over mel; the last bin, at half the sample rate, counts for nothing. In single
    /// precision, as Kaldi and torchaudio have it: where one bin is all that a narrow filter sees, that shows in the fourth decimal.
    /// </summary>
    public static MelFilters Kaldi(int count, int size, double sampleRate, double low, double high)
    {
        static double Mel(double hertz) => 1127 * Math.Log(1 + (hertz / 700));
        static float BinMel(float hertz) => 1127f * MathF.Log(1 + (hertz / 700f));
        float from = (float)Mel(low), delta = (float)((Mel(high) - Mel(low)) / (count + 1)), bin = (float)(sampleRate / size);
        double Weight(int f, int k)
        {
            float mel = BinMel(k * bin), left = from + (f * delta), center = from + ((f + 1) * delta), right = from + ((f + 2) * delta);
            return MathF.Min((mel - left) / (center - left), (right - mel) / (right - center));
        }

        return new(Weight, count, size / 2);
    }

    /// <summary>
    /// torchaudio's: triangles whose sides are straight over hertz, on corners spaced evenly in mel. In double: torch spaces the corners
    /// in single precision, by steps whose rounding depends on the processor's vector width.
    /// </summary>
    /// <param name="count">Filters.</param>
    /// <param name="bins">Bins of the spectrum, from 0 to half the sample rate.</param>
    /// <param name="sampleRate">Samples per second.</param>
    /// <param name="low">The lowest corner in hertz.</param>
    /// <param name="high">The highest corner in hertz.</param>
    /// <param name="scale">The mel scale.</param>
    /// <param name="areaOne">Whether every triangle over hertz has area 1 (norm "slaney") instead of height 1.</param>
    public static MelFilters Torch(int count, int bins, int sampleRate, double low, double high, MelScale scale, bool areaOne)
    {
        double from = Mel(low, scale), delta = (Mel(high, scale) - from) / (count + 1), bin = sampleRate / 2 / (double)(bins - 1);
        double[] corners = [.. Enumerable.Range(0, count + 2).Select(i => Hertz(from + (i * delta), scale))];
        double Weight(int f, int k)
        {
            double hertz = k * bin, left = corners[f], center = corners[f + 1], right = corners[f + 2];
            return Math.Min((hertz - left) / (center - left), (right - hertz) / (right - center)) * (areaOne ? 2 / (right - left) : 1);
        }

        return new(Weight, count, bins);
    }

    /// <summary>mel[f] = Σ weight[f, k] spectrum[k], with [bins, lanes] in and [Count, lanes] out.</summary>
    public void Apply<V>(float* spectrum, float* mel)
        where V : struct, IVec<V>
    {
        fixed (float* all = weights)
        {
            float* w = all;
            for (int f = 0; f < starts.Length; f++)
            {
                V sum = V.Zero;
                for (int k = starts[f]; k < ends[f]; k++)
                {
                    sum = V.Fma(V.Load(spectrum + (k * V.Count)), V.Broadcast(*w++), sum);
                }

                sum.Store(mel + (f * V.Count));
            }
        }
    }

    private const double SlaneyStep = 200.0 / 3, SlaneyBend = 15;       // hertz per mel below 1 kHz, and 1 kHz in mel

    private static readonly double SlaneyLog = Math.Log(6.4) / 27;

    private static double Mel(double hertz, MelScale scale) =>
        scale == MelScale.Htk ? 2595 * Math.Log10(1 + (hertz / 700))
        : hertz < 1000 ? hertz / SlaneyStep
        : SlaneyBend + (Math.Log(hertz / 1000) / SlaneyLog);

    private static double Hertz(double mel, MelScale scale) =>
        scale == MelScale.Htk ? 700 * (Math.Pow(10, mel / 2595) - 1)
        : mel < SlaneyBend ? mel * SlaneyStep
        : 1000 * Math.Exp(SlaneyLog * (mel - SlaneyBend));
}
