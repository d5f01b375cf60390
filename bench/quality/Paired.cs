using System.Collections;
using Tacit.Evaluation;

namespace Tacit.Quality;

/// <summary>Two encoders compared on the same test items, which says more than whether their intervals overlap.</summary>
internal static class Paired
{
    /// <summary>Outcomes, 1 or 0, as bits in base 64.</summary>
    public static string Pack(double[] correct)
    {
        byte[] bytes = new byte[(correct.Length + 7) / 8];
        new BitArray(Array.ConvertAll(correct, c => c > 0)).CopyTo(bytes, 0);
        return Convert.ToBase64String(bytes);
    }

    /// <summary>Whether the 95 % bootstrap interval of the difference over the items lies above 0.</summary>
    public static bool Above(Score one, Score other)
    {
        if (one.Correct is null || other.Correct is null)
        {
            return one.Low > other.High;
        }

        // Padding bits are 0 on both sides: they change the mean's scale, and not on which side of 0 the interval lies.
        return Bootstrap.Difference(Unpack(one.Correct), Unpack(other.Correct)).Low > 0;
    }

    private static double[] Unpack(string packed)
    {
        var bits = new BitArray(Convert.FromBase64String(packed));
        return [.. Enumerable.Range(0, bits.Length).Select(i => bits[i] ? 1.0 : 0)];
    }
}
