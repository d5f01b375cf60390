using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;

namespace Tacit.Tensors;

/// <summary>
/// Philox4x32-10: random numbers as a pure function of (seed, stream, step, index). Nothing is ever advanced, so
/// any thread may draw any number, and a checkpoint stores no state of chance.
/// </summary>
/// <remarks>Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3".</remarks>
public static class Philox
{
    internal const uint M0 = 0xD2511F53, M1 = 0xCD9E8D57, W0 = 0x9E3779B9, W1 = 0xBB67AE85;

    /// <summary>The block cipher itself: ten rounds over a 128-bit counter under a 64-bit key.</summary>
    public static (uint X0, uint X1, uint X2, uint X3) Block(uint c0, uint c1, uint c2, uint c3, uint k0, uint k1)
    {
        for (int round = 0; round < 10; round++)
        {
            ulong p0 = (ulong)M0 * c0;
            ulong p1 = (ulong)M1 * c2;
            (c0, c1, c2, c3) = ((uint)(p1 >> 32) ^ c1 ^ k0, (uint)p1, (uint)(p0 >> 32) ^ c3 ^ k1, (uint)p0);
            k0 += W0;
            k1 += W1;
        }

        return (c0, c1, c2, c3);
    }

    /// <summary>The four words at one index of a stream.</summary>
    public static (uint X0, uint X1, uint X2, uint X3) Words(ulong seed, ulong stream, long step, long index)
    {
        ulong key = Mix(seed, stream);
        return Block((uint)index, (uint)((ulong)index >> 32), (uint)step, (uint)((ulong)step >> 32), (uint)key, (uint)(key >> 32));
    }

    /// <summary>Uniform in [0, 1), 24 bits: number i is word i mod 4 of block i / 4.</summary>
    public static void FillUniform(Span<float> values, ulong seed, ulong stream, long step, long start = 0)
    {
        for (int i = 0; i < values.Length;)
        {
            long at = start + i;
            var (x0, x1, x2, x3) = Words(seed, stream, step, at >> 2);
            for (int lane = (int)(at & 3); lane < 4 && i < values.Length; lane++, i++)
            {
                values[i] = ToUniform(lane switch { 0 => x0, 1 => x1, 2 => x2, _ => x3 });
            }
        }
    }

    /// <summary>Standard normal by Box and Muller, two of a pair of words.</summary>
    public static void FillNormal(Span<float> values, ulong seed, ulong stream, long step, long start = 0)
    {
        for (int i = 0; i < values.Length; i++)
        {
            long at = start + i;
            var (x0, x1, _, _) = Words(seed, stream, step, at >> 1);
            double radius = Math.Sqrt(-2 * Math.Log((x0 + 1.0) / 4294967296.0));
            double angle = 2 * Math.PI * (x1 / 4294967296.0);
            values[i] = (float)(radius * ((at & 1) == 0 ? Math.Cos(angle) : Math.Sin(angle)));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float ToUniform(uint word) => (word >> 8) * (1f / (1 << 24));

    /// <summary>A permutation of 0 … n-1 (Fisher and Yates).</summary>
    public static int[] Permutation(int n, ulong seed, ulong stream, long step)
    {
        int[] order = new int[n];
        for (int i = 0; i < n; i++)
        {
            order[i] = i;
        }

        var random = new RandomSequence(seed, stream, step);
        for (int i = n - 1; i > 0; i--)
        {
            int j = random.NextInt(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }

        return order;
    }

    /// <summary>A well-mixed 64-bit hash of two words (SplitMix64's finaliser).</summary>
    public static ulong Mix(ulong a, ulong b)
    {
        ulong z = a + (b * 0x9E3779B97F4A7C15UL) + 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return BitOperations.RotateLeft(z ^ (z >> 31), 17) ^ b;
    }

    /// <summary>A stream's name as a number: FNV-1a over purpose and path, mixed.</summary>
    public static ulong Hash(string purpose, string path = "", long number = 0)
    {
        ulong h = 14695981039346656037UL;
        foreach (string part in (ReadOnlySpan<string>)[purpose, "/", path])
        {
            foreach (byte b in Encoding.UTF8.GetBytes(part))
            {
                h = (h ^ b) * 1099511628211UL;
            }
        }

        return Mix(h, (ulong)number);
    }
}

/// <summary>A stream read one number after the other, for code whose number of draws varies (augmentations, permutations).</summary>
public struct RandomSequence(ulong seed, ulong stream, long step)
{
    private long index;
    private int lane = 4;
    private uint x0, x1, x2, x3;

    public uint NextUInt()
    {
        if (lane == 4)
        {
            (x0, x1, x2, x3) = Philox.Words(seed, stream, step, index++);
            lane = 0;
        }

        return lane++ switch { 0 => x0, 1 => x1, 2 => x2, _ => x3 };
    }

    /// <summary>Uniform in [0, 1).</summary>
    public float NextUniform() => Philox.ToUniform(NextUInt());

    /// <summary>Uniform in [low, high).</summary>
    public float NextUniform(float low, float high) => low + ((high - low) * NextUniform());

    /// <summary>Uniform over 0 … n-1, without bias (Lemire's multiplication).</summary>
    public int NextInt(int n)
    {
        ulong product = (ulong)NextUInt() * (uint)n;
        if ((uint)product < (uint)n)
        {
            uint threshold = (uint)(-n) % (uint)n;
            while ((uint)product < threshold)
            {
                product = (ulong)NextUInt() * (uint)n;
            }
        }

        return (int)(product >> 32);
    }

    /// <summary>Standard normal (Box and Muller; the second of each pair is not used).</summary>
    public float NextNormal()
    {
        double radius = Math.Sqrt(-2 * Math.Log((NextUInt() + 1.0) / 4294967296.0));
        return (float)(radius * Math.Cos(2 * Math.PI * (NextUInt() / 4294967296.0)));
    }
}
