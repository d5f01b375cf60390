using Tacit.Tensors;
using Tacit.Tensors.Simd;

namespace Tacit.Data.Features;

/// <summary>
/// What Kaldi's features have in common: frames without their mean, pre-emphasised and windowed, and their energy. Equal to
/// torchaudio.compliance.kaldi for sound of any scale; Kaldi itself takes 16-bit levels (-32768 … 32767), torchaudio's users
/// mostly -1 … 1, and floors of energy depend on it.
/// </summary>
public abstract unsafe class KaldiFeatures : SoundFeatures
{
    private protected const float Epsilon = 1.1920929e-7f;

    private readonly KaldiFrameOptions options;
    private readonly FrameCutter cutter;
    private readonly Fft fft;
    private readonly float[] window;        // pinned
    private readonly float logFloor;

    private protected KaldiFeatures(KaldiFrameOptions options, int dim)
        : base(options.SampleFrequency, dim, options.WindowShift)
    {
        this.options = options;
        int size = options.WindowSize;
        cutter = new FrameCutter(size, Shift, options.SnipEdges ? 0 : (size / 2) - (Shift / 2), repeatsEdge: true);
        fft = new Fft(options.FftSize);
        window = WindowFunction.Make(options.WindowType, size, periodic: false, options.BlackmanCoeff);
        logFloor = options.EnergyFloor == 0 ? float.NegativeInfinity : (float)Math.Log(options.EnergyFloor);
    }

    private protected int Bins => fft.Bins;

    public override int Frames(int samples)
    {
        if (options.SnipEdges)
        {
            return samples < window.Length ? 0 : 1 + ((samples - window.Length) / Shift);
        }

        return (int)((samples + (long)(Shift / 2)) / Shift);
    }

    public override void Write(ReadOnlySpan<float> samples, Span<float> features)
    {
        base.Write(samples, features);
        if (options.SubtractMean && features.Length > 0)
        {
            Cmvn.Apply(features, features.Length / Dim, Dim, variance: false);
        }
    }

    /// <summary>The power spectrum [Bins, lanes] of a block of frames and their log energies [lanes].</summary>
    private protected void Power<V>(float* samples, int length, int first, int frames, float* power, float* energy)
        where V : struct, IVec<V>
    {
        int lanes = V.Count, size = window.Length, room = (fft.Size + 2) * lanes;
        using Scratch scratch = Scratch.Rent(2 * room);
        float* x = scratch.Data;
        cutter.Cut(samples, length, first, frames, lanes, x);
        V mean = options.RemoveDcOffset ? Sum<V>(x, size, squared: false) / V.Broadcast(size) : V.Zero;
        if (options.RawEnergy)
        {
            // Behind the mean's removal, before all else.
            for (int t = 0; t < size; t++)
            {
                (V.Load(x + (t * lanes)) - mean).Store(x + (t * lanes));
            }

            LogEnergy<V>(x, size).Store(energy);
            mean = V.Zero;
        }

        V c = V.Broadcast(options.PreemphasisCoefficient);
        V before = V.Load(x) - mean;
        fixed (float* w = window)
        {
            for (int t = 0; t < size; t++)
            {
                V now = V.Load(x + (t * lanes)) - mean;
                ((now - (c * before)) * V.Broadcast(w[t])).Store(x + (t * lanes));
                before = now;
            }
        }

        if (!options.RawEnergy)
        {
            LogEnergy<V>(x, size).Store(energy);
        }

        new Span<float>(x + (size * lanes), room - (size * lanes)).Clear();
        float* z = fft.Forward<V>(x, x + room);
        for (int k = 0; k < Bins; k++, z += 2 * lanes)
        {
            V re = V.Load(z), im = V.Load(z + lanes);
            V.Fma(re, re, im * im).Store(power + (k * lanes));
        }
    }

    /// <summary>log(max(x, ε)) of so many registers, in place.</summary>
    private protected static void Log<V>(float* x, int count)
        where V : struct, IVec<V>
    {
        V least = V.Broadcast(Epsilon);
        for (int i = 0; i < count; i++)
        {
            VecMath.Log(V.Max(V.Load(x + (i * V.Count)), least)).Store(x + (i * V.Count));
        }
    }

    private V LogEnergy<V>(float* x, int size)
        where V : struct, IVec<V> => V.Max(VecMath.Log(V.Max(Sum<V>(x, size, squared: true), V.Broadcast(Epsilon))), V.Broadcast(logFloor));

    /// <summary>Four partial sums per lane: shorter chains, and less rounding.</summary>
    private static V Sum<V>(float* x, int size, bool squared)
        where V : struct, IVec<V>
    {
        V a = V.Zero, b = V.Zero, c = V.Zero, d = V.Zero;
        int t = 0;
        for (; t + 4 <= size; t += 4, x += 4 * V.Count)
        {
            V p = V.Load(x), q = V.Load(x + V.Count), r = V.Load(x + (2 * V.Count)), s = V.Load(x + (3 * V.Count));
            a += squared ? p * p : p;
            b += squared ? q * q : q;
            c += squared ? r * r : r;
            d += squared ? s * s : s;
        }

        for (; t < size; t++, x += V.Count)
        {
            V p = V.Load(x);
            a += squared ? p * p : p;
        }

        return (a + b) + (c + d);
    }
}
