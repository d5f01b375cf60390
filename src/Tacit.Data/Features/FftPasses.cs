using System.Runtime.CompilerServices;
using Tacit.Tensors.Simd;

namespace Tacit.Data.Features;

public sealed unsafe partial class Fft
{
    /// <summary>The passes over N = Size / 2 complex numbers [N, 2, lanes], from one buffer to the other and back.</summary>
    private float* Complex<V>(float* x, float* y)
        where V : struct, IVec<V>
    {
        int stride = 1;
        foreach (int factor in factors)
        {
            int rest = Half / stride / factor;
            switch (factor)
            {
                case 2: Radix2<V>(x, y, rest, stride); break;
                case 4: Radix4<V>(x, y, rest, stride); break;
                default: AnyRadix<V>(x, y, factor, rest, stride); break;
            }

            stride *= factor;
            float* t = x;
            x = y;
            y = t;
        }

        return x;
    }

    private void Radix2<V>(float* x, float* y, int rest, int stride)
        where V : struct, IVec<V>
    {
        int lanes = V.Count, step = 2 * lanes * stride;
        for (int q = 0; q < rest; q++)
        {
            float* w = Table + (4 * q * stride);
            V cos = V.Broadcast(w[0]), sin = V.Broadcast(w[1]);
            float* a = x + (q * step);
            float* b = a + (rest * step);
            float* to = y + (2 * q * step);
            for (int r = 0; r < stride; r++, a += 2 * lanes, b += 2 * lanes, to += 2 * lanes)
            {
                V ar = V.Load(a), ai = V.Load(a + lanes), br = V.Load(b), bi = V.Load(b + lanes);
                (ar + br).Store(to);
                (ai + bi).Store(to + lanes);
                Turn(ar - br, ai - bi, cos, sin, to + step);
            }
        }
    }

    private void Radix4<V>(float* x, float* y, int rest, int stride)
        where V : struct, IVec<V>
    {
        int lanes = V.Count, step = 2 * lanes * stride;
        nint apart = (nint)rest * step;
        for (int q = 0; q < rest; q++)
        {
            float* w = Table;
            int turn = 4 * q * stride;
            V cos1 = V.Broadcast(w[turn]), sin1 = V.Broadcast(w[turn + 1]);
            V cos2 = V.Broadcast(w[2 * turn]), sin2 = V.Broadcast(w[(2 * turn) + 1]);
            V cos3 = V.Broadcast(w[3 * turn]), sin3 = V.Broadcast(w[(3 * turn) + 1]);
            float* from = x + ((nint)q * step);
            float* to = y + (4 * (nint)q * step);
            for (int r = 0; r < stride; r++, from += 2 * lanes, to += 2 * lanes)
            {
                V ar = V.Load(from), ai = V.Load(from + lanes);
                V br = V.Load(from + apart), bi = V.Load(from + apart + lanes);
                V cr = V.Load(from + (2 * apart)), ci = V.Load(from + (2 * apart) + lanes);
                V dr = V.Load(from + (3 * apart)), di = V.Load(from + (3 * apart) + lanes);
                V sumR = ar + cr, sumI = ai + ci, difR = ar - cr, difI = ai - ci;
                V sum2R = br + dr, sum2I = bi + di;
                V turnedR = bi - di, turnedI = dr - br;         // -i (b - d)
                (sumR + sum2R).Store(to);
                (sumI + sum2I).Store(to + lanes);
                Turn(difR + turnedR, difI + turnedI, cos1, sin1, to + step);
                Turn(sumR - sum2R, sumI - sum2I, cos2, sin2, to + (2 * step));
                Turn(difR - turnedR, difI - turnedI, cos3, sin3, to + (3 * step));
            }
        }
    }

    /// <summary>y[k] = e^(-2πi qk/n) Σ x[j] e^(-2πi jk/p), the two angles taken from the table at once.</summary>
    private void AnyRadix<V>(float* x, float* y, int p, int rest, int stride)
        where V : struct, IVec<V>
    {
        int lanes = V.Count;
        float* w = Table;
        for (int q = 0; q < rest; q++)
        {
            for (int k = 0; k < p; k++)
            {
                for (int r = 0; r < stride; r++)
                {
                    V re = V.Zero, im = V.Zero;
                    for (int j = 0; j < p; j++)
                    {
                        int angle = (int)(2L * (((long)q * k * stride) + ((long)j * k % p * (Half / p))) % Size);
                        float* from = x + (2 * lanes * (r + (stride * (q + ((nint)j * rest)))));
                        V cos = V.Broadcast(w[2 * angle]), sin = V.Broadcast(w[(2 * angle) + 1]);
                        V a = V.Load(from), b = V.Load(from + lanes);
                        re = V.Fma(a, cos, re) - (b * sin);
                        im = V.Fma(a, sin, V.Fma(b, cos, im));
                    }

                    float* to = y + (2 * lanes * (r + (stride * (((nint)p * q) + k))));
                    re.Store(to);
                    im.Store(to + lanes);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Turn<V>(V re, V im, V cos, V sin, float* to)
        where V : struct, IVec<V>
    {
        ((re * cos) - (im * sin)).Store(to);
        V.Fma(re, sin, im * cos).Store(to + V.Count);
    }
}
