using System.Numerics;
using System.Runtime.CompilerServices;
using Tacit.Tensors;
using Tacit.Tensors.Simd;

namespace Tacit.Data.Features;

/// <summary>
/// The discrete Fourier transform of real signals of one even size, and its inverse: Stockham's self-sorting passes of radix
/// four, two and any other factor over half as many complex numbers. Immutable, so threads may share one.
/// </summary>
/// <remarks>
/// Inside, one lane of a register is one signal: a frame of sound, a block of a convolution. Nothing is ever shuffled, every
/// size vectorises alike, and a signal's bits do not depend on its neighbours.
/// </remarks>
public sealed unsafe partial class Fft
{
    private static readonly Fft?[] Powers = new Fft?[31];

    private readonly int[] factors;
    private readonly float[] table;         // cos and sin of -2πk/Size, pinned

    /// <param name="size">Samples of a signal: even, best with small prime factors.</param>
    public Fft(int size)
    {
        if (size < 2 || size % 2 != 0)
        {
            throw new TacitException($"A Fourier transform needs an even number of samples, at least 2, not {size}.");
        }

        Size = size;
        Half = size / 2;
        factors = Factors(Half);
        table = GC.AllocateArray<float>(2 * size, pinned: true);
        for (int k = 0; k < size; k++)
        {
            (double sin, double cos) = Math.SinCos(-2 * Math.PI * k / size);
            table[2 * k] = (float)cos;
            table[(2 * k) + 1] = (float)sin;
        }
    }

    /// <summary>Samples of a signal.</summary>
    public int Size { get; }

    /// <summary>Frequencies of its spectrum: Size / 2 + 1.</summary>
    public int Bins => Half + 1;

    private int Half { get; }

    private float* Table => (float*)Unsafe.AsPointer(ref table[0]);

    /// <summary>The transform of a power of two, made once.</summary>
    internal static Fft Shared(int size)
    {
        ref Fft? known = ref Powers[BitOperations.Log2((uint)size)];
        return Volatile.Read(ref known) ?? Interlocked.CompareExchange(ref known, new Fft(size), null) ?? known!;
    }

    /// <summary>X[k] = Σ x[t] e^(-2πikt/Size) for k = 0 … Size/2.</summary>
    /// <param name="signal">Size samples.</param>
    /// <param name="spectrum">2 · Bins numbers: real and imaginary parts in turn.</param>
    public void Forward(ReadOnlySpan<float> signal, Span<float> spectrum)
    {
        Expect(signal.Length, spectrum.Length);
        using Scratch scratch = Scratch.Rent(2 * (Size + 2));
        signal.CopyTo(new Span<float>(scratch.Data, Size));
        float* result = Forward<V1>(scratch.Data, scratch.Data + Size + 2);
        new ReadOnlySpan<float>(result, 2 * Bins).CopyTo(spectrum);
    }

    /// <summary>The signal whose spectrum this is; the imaginary parts of the first and last frequency count as 0.</summary>
    public void Inverse(ReadOnlySpan<float> spectrum, Span<float> signal)
    {
        Expect(signal.Length, spectrum.Length);
        using Scratch scratch = Scratch.Rent(2 * (Size + 2));
        spectrum.CopyTo(new Span<float>(scratch.Data, 2 * Bins));
        float* result = Inverse<V1>(scratch.Data, scratch.Data + Size + 2);
        new ReadOnlySpan<float>(result, Size).CopyTo(signal);
    }

    /// <summary>
    /// V.Count signals at once. <paramref name="x"/> holds [Size, lanes]; both buffers have room for [Size + 2, lanes], and the one
    /// returned holds the spectrum [Bins, 2, lanes].
    /// </summary>
    internal float* Forward<V>(float* x, float* other)
        where V : struct, IVec<V>
    {
        float* z = Complex<V>(x, other);
        Untangle<V>(z);
        return z;
    }

    /// <summary>V.Count spectra [Bins, 2, lanes] to signals [Size, lanes], in whichever of the two buffers is returned.</summary>
    internal float* Inverse<V>(float* x, float* other)
        where V : struct, IVec<V>
    {
        Tangle<V>(x);
        float* z = Complex<V>(x, other);
        for (int t = 1; t < Size; t += 2)
        {
            (V.Zero - V.Load(z + (t * V.Count))).Store(z + (t * V.Count));
        }

        return z;
    }

    /// <summary>
    /// Even samples were the real, odd ones the imaginary part of z: with E = (Z[k] + Z*[N-k]) / 2 and O = (Z[k] - Z*[N-k]) / 2i,
    /// X[k] = E + e^(-2πik/Size) O.
    /// </summary>
    private void Untangle<V>(float* z)
        where V : struct, IVec<V>
    {
        int lanes = V.Count;
        float* w = Table;
        V half = V.Broadcast(0.5f);
        V first = V.Load(z), second = V.Load(z + lanes);
        (first + second).Store(z);
        V.Zero.Store(z + lanes);
        (first - second).Store(z + (2 * lanes * Half));
        V.Zero.Store(z + (2 * lanes * Half) + lanes);
        for (int k = 1; k <= Half / 2; k++)
        {
            float* low = z + (2 * lanes * k);
            float* high = z + (2 * lanes * (Half - k));
            V a = V.Load(low), b = V.Load(low + lanes), c = V.Load(high), d = V.Load(high + lanes);
            V evenRe = half * (a + c), evenIm = half * (b - d), oddRe = half * (b + d), oddIm = half * (c - a);
            V cos = V.Broadcast(w[2 * k]), sin = V.Broadcast(w[(2 * k) + 1]);
            V turnedRe = (oddRe * cos) - (oddIm * sin), turnedIm = V.Fma(oddRe, sin, oddIm * cos);
            (evenRe + turnedRe).Store(low);
            (evenIm + turnedIm).Store(low + lanes);
            (evenRe - turnedRe).Store(high);
            (turnedIm - evenIm).Store(high + lanes);
        }
    }

    /// <summary>
    /// The way back, such that the forward passes finish the inverse: it makes Z* / N, whose forward transform is the conjugate of
    /// the inverse of Z.
    /// </summary>
    private void Tangle<V>(float* x)
        where V : struct, IVec<V>
    {
        int lanes = V.Count;
        float* w = Table;
        V scale = V.Broadcast(0.5f / Half);
        V first = V.Load(x), last = V.Load(x + (2 * lanes * Half));
        (scale * (first + last)).Store(x);
        (V.Zero - (scale * (first - last))).Store(x + lanes);
        for (int k = 1; k <= Half / 2; k++)
        {
            float* low = x + (2 * lanes * k);
            float* high = x + (2 * lanes * (Half - k));
            V a = V.Load(low), b = V.Load(low + lanes), c = V.Load(high), d = V.Load(high + lanes);
            V evenRe = a + c, evenIm = b - d, turnedRe = a - c, turnedIm = b + d;
            V cos = V.Broadcast(w[2 * k]), sin = V.Broadcast(w[(2 * k) + 1]);
            V oddRe = V.Fma(turnedRe, cos, turnedIm * sin), oddIm = (turnedIm * cos) - (turnedRe * sin);

            // Z[k] = E + iO and Z[N-k] = E* + iO*, each stored as its conjugate.
            (scale * (evenRe - oddIm)).Store(low);
            (V.Zero - (scale * (evenIm + oddRe))).Store(low + lanes);
            (scale * (evenRe + oddIm)).Store(high);
            (scale * (evenIm - oddRe)).Store(high + lanes);
        }
    }

    private static int[] Factors(int n)
    {
        var found = new List<int>();
        for (; n % 4 == 0; n /= 4)
        {
            found.Add(4);
        }

        for (int p = 2; n > 1; p++)
        {
            for (; n % p == 0; n /= p)
            {
                found.Add(p);
            }
        }

        return [.. found];
    }

    private void Expect(int signal, int spectrum)
    {
        if (signal != Size || spectrum != 2 * Bins)
        {
            throw new ArgumentException($"A Fourier transform of {Size} samples takes {Size} samples and {2 * Bins} numbers of spectrum, not {signal} and {spectrum}.");
        }
    }
}
