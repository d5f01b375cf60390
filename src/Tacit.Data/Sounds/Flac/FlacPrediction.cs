namespace Tacit.Data.Sounds.Flac;

/// <summary>Turns residuals into samples, in place: each is added to what the samples before it predict.</summary>
/// <remarks>
/// RFC 9639, sections 9.2.5 and 9.2.6. Sums wrap around: a true sample is in range whatever its sum went through, and a
/// false one fails the checksum. A channel's array begins with <see cref="Room"/> values, so that a prediction may be
/// filled up with coefficients of 0 and reach before the first sample.
/// </remarks>
internal static class FlacPrediction
{
    public const int MaxOrder = 32;
    public const int MaxFixedOrder = 4;
    public const int Room = 32;

    /// <summary>Prediction by the polynomial of degree <paramref name="order"/> - 1 through the last samples.</summary>
    public static void Fixed(int[] channel, int block, int order)
    {
        Span<int> s = channel.AsSpan(Room, block);
        switch (order)
        {
            case 1:
                for (int i = 1; i < s.Length; i++)
                {
                    s[i] += s[i - 1];
                }

                break;
            case 2:
                for (int i = 2; i < s.Length; i++)
                {
                    s[i] += (2 * s[i - 1]) - s[i - 2];
                }

                break;
            case 3:
                for (int i = 3; i < s.Length; i++)
                {
                    s[i] += (3 * (s[i - 1] - s[i - 2])) + s[i - 3];
                }

                break;
            case 4:
                for (int i = 4; i < s.Length; i++)
                {
                    s[i] += (4 * (s[i - 1] + s[i - 3])) - (6 * s[i - 2]) - s[i - 4];
                }

                break;
        }
    }

    /// <summary>The same polynomials as coefficients, the latest sample's first.</summary>
    public static void FixedCoefficients(Span<int> coefficients)
    {
        ReadOnlySpan<int> all = coefficients.Length switch
        {
            0 => [],
            1 => [1],
            2 => [2, -1],
            3 => [3, -3, 1],
            _ => [4, -6, 4, -1],
        };
        all.CopyTo(coefficients);
    }

    /// <summary>Linear prediction whose sums fit 32 bits.</summary>
    public static void Lpc32(int[] channel, int block, ReadOnlySpan<int> coefficients, int shift)
    {
        int order = coefficients.Length;
        Span<int> c = stackalloc int[MaxOrder];
        c.Clear();
        coefficients.CopyTo(c);
        int c0 = c[0], c1 = c[1], c2 = c[2], c3 = c[3], c4 = c[4], c5 = c[5], c6 = c[6], c7 = c[7];
        Span<int> all = channel.AsSpan(0, Room + block);
        if (order <= 8)
        {
            // The last eight samples stay in registers; the latest enters the sum last, for the next prediction waits for it.
            int at = Room + order;
            int s1 = all[at - 1], s2 = all[at - 2], s3 = all[at - 3], s4 = all[at - 4];
            int s5 = all[at - 5], s6 = all[at - 6], s7 = all[at - 7], s8 = all[at - 8];
            foreach (ref int sample in all[at..])
            {
                int sum = (c7 * s8) + (c6 * s7) + (c5 * s6) + (c4 * s5) + (c3 * s4) + (c2 * s3) + (c1 * s2);
                s8 = s7;
                s7 = s6;
                s6 = s5;
                s5 = s4;
                s4 = s3;
                s3 = s2;
                s2 = s1;
                s1 = sample + ((sum + (c0 * s1)) >> shift);
                sample = s1;
            }

            return;
        }

        int filled = order <= 12 ? 12 : (order + 3) & ~3;
        for (int i = Room + order; i < all.Length; i++)
        {
            ReadOnlySpan<int> s = all.Slice(i - filled, filled);
            int sum = 0;
            for (int j = 8; j < filled; j += 4)
            {
                sum += (c[j + 3] * s[^(j + 4)]) + (c[j + 2] * s[^(j + 3)]) + (c[j + 1] * s[^(j + 2)]) + (c[j] * s[^(j + 1)]);
            }

            sum += (c7 * s[^8]) + (c6 * s[^7]) + (c5 * s[^6]) + (c4 * s[^5]) + (c3 * s[^4]) + (c2 * s[^3]) + (c1 * s[^2]);
            all[i] += (sum + (c0 * s[^1])) >> shift;
        }
    }

    /// <summary>Linear prediction whose sums need 64 bits.</summary>
    public static void Lpc64(int[] channel, int block, ReadOnlySpan<int> coefficients, int shift)
    {
        Span<int> all = channel.AsSpan(0, Room + block);
        for (int i = Room + coefficients.Length; i < all.Length; i++)
        {
            ReadOnlySpan<int> s = all.Slice(i - coefficients.Length, coefficients.Length);
            long sum = 0;
            for (int j = coefficients.Length - 1; j >= 0; j--)
            {
                sum += (long)coefficients[j] * s[^(j + 1)];
            }

            all[i] += (int)(sum >> shift);
        }
    }

    /// <summary>Prediction, linear or by a polynomial, of samples that themselves need more than 32 bits.</summary>
    public static void Wide(Span<long> samples, ReadOnlySpan<int> residuals, ReadOnlySpan<int> coefficients, int shift)
    {
        for (int i = coefficients.Length; i < samples.Length; i++)
        {
            long sum = 0;
            for (int j = 0; j < coefficients.Length; j++)
            {
                sum += coefficients[j] * samples[i - 1 - j];
            }

            samples[i] = residuals[i] + (sum >> shift);
        }
    }
}
