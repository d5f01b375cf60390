namespace Tacit.Tests;

/// <summary>Numbers that the oracle scripts compute too, so that large inputs need not be stored.</summary>
internal static class Hashed
{
    /// <summary>Numbers in [-1, 1): murmur3's finaliser over the index, salted; exact in float64.</summary>
    public static double[] Doubles(int count, int salt)
    {
        var values = new double[count];
        for (int i = 0; i < count; i++)
        {
            uint h = unchecked(((uint)i * 2654435761u) + ((uint)salt * 40503u) + 1u);
            h ^= h >> 16;
            h = unchecked(h * 0x85EBCA6B);
            h ^= h >> 13;
            h = unchecked(h * 0xC2B2AE35);
            h ^= h >> 16;
            values[i] = ((h >> 8) / 8388608.0) - 1;
        }

        return values;
    }

    public static float[] Singles(int count, int salt, double scale = 1) => [.. Doubles(count, salt).Select(value => (float)(value * scale))];
}
