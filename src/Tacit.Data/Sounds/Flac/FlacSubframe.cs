using System.Numerics;

namespace Tacit.Data.Sounds.Flac;

/// <summary>One channel of a frame: constant, verbatim, or predicted with residuals.</summary>
/// <remarks>RFC 9639, section 9.2.</remarks>
internal static class FlacSubframe
{
    private const int FixedTypes = 8;
    private const int LpcTypes = 32;

    /// <summary>Reads samples of at most 32 bits.</summary>
    /// <param name="reader">At the subframe's header.</param>
    /// <param name="channel">Gets the samples, behind <see cref="FlacPrediction.Room"/> values of no meaning.</param>
    /// <param name="block">Their number.</param>
    /// <param name="bits">Bits of a sample.</param>
    public static void Read(ref FlacBits reader, int[] channel, int block, int bits)
    {
        int type = ReadType(ref reader, ref bits, out int wasted);
        Span<int> samples = channel.AsSpan(FlacPrediction.Room, block);
        if (type == 0)
        {
            samples.Fill((int)reader.ReadSigned(bits));
        }
        else if (type == 1)
        {
            for (int i = 0; i < samples.Length; i++)
            {
                samples[i] = (int)reader.ReadSigned(bits);
            }
        }
        else
        {
            int order = Order(type, block);
            for (int i = 0; i < order; i++)
            {
                samples[i] = (int)reader.ReadSigned(bits);
            }

            if (type >= LpcTypes)
            {
                Span<int> coefficients = stackalloc int[FlacPrediction.MaxOrder];
                coefficients = coefficients[..order];
                ReadCoefficients(ref reader, coefficients, out int shift, out int precision);
                FlacResidual.Read(ref reader, samples, order);
                if (bits + precision + BitOperations.Log2((uint)order) <= 32)
                {
                    FlacPrediction.Lpc32(channel, block, coefficients, shift);
                }
                else
                {
                    FlacPrediction.Lpc64(channel, block, coefficients, shift);
                }
            }
            else
            {
                FlacResidual.Read(ref reader, samples, order);
                FlacPrediction.Fixed(channel, block, order);
            }
        }

        if (wasted > 0)
        {
            for (int i = 0; i < samples.Length; i++)
            {
                samples[i] <<= wasted;
            }
        }
    }

    /// <summary>Reads samples of up to 33 bits, which only the difference of two channels has.</summary>
    public static void ReadWide(ref FlacBits reader, Span<long> samples, int[] residuals, int bits)
    {
        int type = ReadType(ref reader, ref bits, out int wasted);
        if (type == 0)
        {
            samples.Fill(reader.ReadSigned(bits));
        }
        else
        {
            int order = type == 1 ? samples.Length : Order(type, samples.Length);
            for (int i = 0; i < order; i++)
            {
                samples[i] = reader.ReadSigned(bits);
            }

            if (type != 1)
            {
                Span<int> coefficients = stackalloc int[FlacPrediction.MaxOrder];
                coefficients = coefficients[..order];
                int shift = 0;
                if (type < LpcTypes)
                {
                    FlacPrediction.FixedCoefficients(coefficients);
                }
                else
                {
                    ReadCoefficients(ref reader, coefficients, out shift, out _);
                }

                Span<int> rest = residuals.AsSpan(FlacPrediction.Room, samples.Length);
                FlacResidual.Read(ref reader, rest, order);
                FlacPrediction.Wide(samples, rest, coefficients, shift);
            }
        }

        for (int i = 0; wasted > 0 && i < samples.Length; i++)
        {
            samples[i] <<= wasted;
        }
    }

    /// <summary>The type's six bits; zeros that all samples end in are taken from <paramref name="bits"/>.</summary>
    private static int ReadType(ref FlacBits reader, ref int bits, out int wasted)
    {
        int head = (int)reader.Read(8);
        int type = (head >> 1) & 63;
        bool isKnown = type is 0 or 1 or (>= FixedTypes and <= FixedTypes + FlacPrediction.MaxFixedOrder) or >= LpcTypes;
        if (head >= 128 || !isKnown)
        {
            throw FlacMetadata.Corrupt("a subframe is of a reserved type");
        }

        wasted = 0;
        if ((head & 1) != 0)
        {
            uint zeros = reader.ReadUnary();
            wasted = zeros < 32 ? (int)zeros + 1 : 33;
            bits -= wasted;
            if (bits <= 0)
            {
                throw FlacMetadata.Corrupt("a subframe has more wasted bits than bits");
            }
        }

        return type;
    }

    private static int Order(int type, int block)
    {
        int order = type >= LpcTypes ? type - LpcTypes + 1 : type - FixedTypes;
        return order <= block ? order : throw FlacMetadata.Corrupt("a block is shorter than its prediction's order");
    }

    private static void ReadCoefficients(ref FlacBits reader, scoped Span<int> coefficients, out int shift, out int precision)
    {
        precision = (int)reader.Read(4) + 1;
        shift = (int)reader.ReadSigned(5);
        if (precision > 15 || shift < 0)
        {
            throw FlacMetadata.Corrupt("a prediction has a forbidden precision or shift");
        }

        for (int i = 0; i < coefficients.Length; i++)
        {
            coefficients[i] = (int)reader.ReadSigned(precision);
        }
    }
}
