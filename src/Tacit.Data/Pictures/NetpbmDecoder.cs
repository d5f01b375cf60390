using System.Buffers.Binary;

namespace Tacit.Data.Pictures;

/// <summary>PGM and PPM files, plain (P2, P3) and raw (P5, P6), of up to 16 bits; samples are scaled to 255 and rounded to even.</summary>
internal static class NetpbmDecoder
{
    private const int MaxSample = 65_535;

    public static bool IsSpace(byte b) => b is (byte)' ' or (>= 9 and <= 13);

    public static PictureInfo Identify(ReadOnlySpan<byte> file)
    {
        Header header = ReadHeader(file);
        return new PictureInfo(header.Width, header.Height, header.Channels, PictureFormat.Netpbm);
    }

    public static Picture Decode(ReadOnlySpan<byte> file)
    {
        Header header = ReadHeader(file);
        long samples = (long)header.Width * header.Height * header.Channels;
        int sampleBytes = header.MaxValue > 255 ? 2 : 1;

        // A plain sample is a digit, and something stands between any two.
        long leastBytes = header.IsPlain ? (2 * samples) - 1 : samples * sampleBytes;
        PictureLimits.Check("PPM or PGM", header.Width, header.Height, samples, leastBytes <= file.Length - header.End);
        byte[] pixels = GC.AllocateUninitializedArray<byte>((int)samples);
        ReadOnlySpan<byte> scaled = ScaleTable(header.MaxValue);
        int position = header.End;
        for (int i = 0; i < pixels.Length; i++)
        {
            int value;
            if (header.IsPlain)
            {
                value = ReadNumber(file, ref position);
            }
            else
            {
                value = sampleBytes == 1 ? file[position] : BinaryPrimitives.ReadUInt16BigEndian(file[position..]);
                position += sampleBytes;
            }

            pixels[i] = scaled[Math.Min(value, header.MaxValue)];
        }

        return new Picture(header.Width, header.Height, header.Channels, pixels);
    }

    private static Header ReadHeader(ReadOnlySpan<byte> file)
    {
        int position = 2;
        int width = ReadNumber(file, ref position);
        int height = ReadNumber(file, ref position);
        int maxValue = ReadNumber(file, ref position);
        if (maxValue is < 1 or > MaxSample)
        {
            throw Corrupt($"its header claims a largest value of {maxValue}");
        }

        PictureLimits.Check("PPM or PGM", width, height, 0, plausible: true);
        bool isPlain = file[1] is (byte)'2' or (byte)'3';
        return new Header(width, height, file[1] is (byte)'2' or (byte)'5' ? 1 : 3, maxValue, isPlain, position);
    }

    /// <summary>The next decimal number, behind white space and comments, and the one character after it.</summary>
    private static int ReadNumber(ReadOnlySpan<byte> file, ref int position)
    {
        while (position < file.Length && (IsSpace(file[position]) || file[position] == '#'))
        {
            if (file[position] == '#')
            {
                int end = file[position..].IndexOfAny((byte)'\n', (byte)'\r');
                position = end < 0 ? file.Length : position + end;
            }
            else
            {
                position++;
            }
        }

        int start = position;
        int value = 0;
        while (position < file.Length && file[position] is >= (byte)'0' and <= (byte)'9')
        {
            // Larger than anything allowed is large enough.
            value = Math.Min((value * 10) + file[position] - '0', 10_000_000);
            position++;
        }

        if (position == start)
        {
            throw position >= file.Length ? Truncated() : Corrupt("it has something else where a number should be");
        }

        if (position < file.Length && !IsSpace(file[position]))
        {
            throw Corrupt("a number in it ends in something else than white space");
        }

        position++;
        return value;
    }

    private static byte[] ScaleTable(int maxValue)
    {
        byte[] scaled = new byte[maxValue + 1];
        for (int value = 0; value <= maxValue; value++)
        {
            scaled[value] = (byte)Math.Round(value / (double)maxValue * 255, MidpointRounding.ToEven);
        }

        return scaled;
    }

    private static PictureException Truncated() => new("The PPM or PGM picture is truncated: the file ends before its data does.");

    private static PictureException Corrupt(string what) => new($"The PPM or PGM picture is corrupt: {what}.");

    private readonly record struct Header(int Width, int Height, int Channels, int MaxValue, bool IsPlain, int End);
}
