using System.Numerics;
using Tacit.Data.Features;
using Tacit.Tensors;
using Tacit.Tensors.Simd;

namespace Tacit.Data.Augment;

/// <summary>Convolution with a long response by overlap-save: as many blocks at once as a register has lanes.</summary>
internal static unsafe class Convolution
{
    private const int Smallest = 256;

    /// <summary>sound[t] = Σ response[k] sound[t + delay - k] in place, as if 0 lay around the sound.</summary>
    public static void Run(Span<float> sound, ReadOnlySpan<float> response, int delay)
    {
        if (sound.IsEmpty || response.IsEmpty)
        {
            return;
        }

        // What lies behind the sound's length can never be heard.
        response = response[..(int)Math.Min(response.Length, (long)sound.Length + delay)];
        int size = Size(sound.Length, response.Length);
        Fft fft = Fft.Shared(size);
        using Scratch scratch = Scratch.Rent(sound.Length + (2 * size) + 2);
        float* copy = scratch.Data, spectrum = copy + sound.Length, padded = spectrum + size + 2;
        sound.CopyTo(new Span<float>(copy, sound.Length));
        var padding = new Span<float>(padded, size);
        padding.Clear();
        response.CopyTo(padding);
        fft.Forward(padding, new Span<float>(spectrum, size + 2));
        fixed (float* y = sound)
        {
            var action = new Action(fft, copy, sound.Length, spectrum, response.Length, delay, y);
            Width.Dispatch(ref action);
        }
    }

    /// <summary>The transform that costs least: large ones waste lanes on short sounds, small ones overlap more.</summary>
    private static int Size(int length, int taps)
    {
        int lanes = Width.Bits / 32, size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(Smallest, taps + 1)), best = size;
        double least = double.PositiveInfinity;
        for (int i = 0; i < 4; i++, size *= 2)
        {
            double rounds = Math.Ceiling((double)length / ((long)lanes * (size - taps + 1)));
            double cost = rounds * size * Math.Log2(size);
            (least, best) = cost < least ? (cost, size) : (least, best);
        }

        return best;
    }

    private readonly struct Action(Fft fft, float* x, int length, float* response, int taps, int delay, float* y) : IWidthAction
    {
        public void Invoke<V>()
            where V : struct, IVec<V>
        {
            int lanes = V.Count, size = fft.Size, block = size - taps + 1, room = (size + 2) * lanes;
            using Scratch scratch = Scratch.Rent(2 * room);
            for (long start = 0; start < length; start += (long)block * lanes)
            {
                float* signals = scratch.Data;
                for (int lane = 0; lane < lanes; lane++)
                {
                    long from = start + ((long)lane * block) + delay - (taps - 1);
                    for (int t = 0; t < size; t++)
                    {
                        signals[(t * lanes) + lane] = from + t >= 0 && from + t < length ? x[from + t] : 0;
                    }
                }

                float* other = signals + room;
                float* z = fft.Forward<V>(signals, other);
                for (int k = 0; k < fft.Bins; k++)
                {
                    float* at = z + (2 * k * lanes);
                    V re = V.Load(at), im = V.Load(at + lanes), a = V.Broadcast(response[2 * k]), b = V.Broadcast(response[(2 * k) + 1]);
                    ((re * a) - (im * b)).Store(at);
                    V.Fma(re, b, im * a).Store(at + lanes);
                }

                // The first taps - 1 samples of each are what wrapped around.
                float* filtered = fft.Inverse<V>(z, z == signals ? other : signals) + ((taps - 1) * lanes);
                for (int lane = 0; lane < lanes; lane++)
                {
                    long to = start + ((long)lane * block);
                    for (int t = 0; t < Math.Min(block, length - to); t++)
                    {
                        y[to + t] = filtered[(t * lanes) + lane];
                    }
                }
            }
        }
    }
}
