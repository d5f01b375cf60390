using System.Numerics;

namespace Tacit.Data.Sounds.Flac;

/// <summary>The head of a frame.</summary>
/// <remarks>RFC 9639, section 9.1.</remarks>
/// <param name="IsVariable">Whether <paramref name="Number"/> counts samples, and blocks differ in size; otherwise it counts frames.</param>
/// <param name="Number">The frame's number, or its first sample's.</param>
/// <param name="Block">Samples of each channel.</param>
/// <param name="Rate">In Hz; 0 where the stream's is meant.</param>
/// <param name="Channels">From 1 to 8.</param>
/// <param name="Stereo">How two channels were mixed.</param>
/// <param name="Bits">Of a sample; 0 where the stream's is meant.</param>
/// <param name="Size">Bytes of the header.</param>
internal readonly record struct FlacFrameHeader(
    bool IsVariable, long Number, int Block, int Rate, int Channels, FlacStereo Stereo, int Bits, int Size)
{
    /// <summary>The most bytes that a header has.</summary>
    public const int MaxSize = 16;

    private static ReadOnlySpan<int> Rates => [0, 88200, 176400, 192000, 8000, 16000, 22050, 24000, 32000, 44100, 48000, 96000];

    private static ReadOnlySpan<byte> SampleBits => [0, 8, 12, 0, 16, 20, 24, 32];

    /// <summary>Whether a frame may begin here: the sync code, and the bit that must be 0.</summary>
    public static bool IsSync(ReadOnlySpan<byte> bytes) => bytes.Length >= 2 && bytes[0] == 0xFF && (bytes[1] & 0xFE) == 0xF8;

    /// <summary>Reads a header if there is one whose checksum is right and whose codes all mean something.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out FlacFrameHeader header)
    {
        header = default;
        if (bytes.Length < 6 || !IsSync(bytes))
        {
            return false;
        }

        int blockCode = bytes[2] >> 4;
        int rateCode = bytes[2] & 15;
        int channelCode = bytes[3] >> 4;
        int bitsCode = (bytes[3] >> 1) & 7;
        if (blockCode == 0 || rateCode == 15 || channelCode > 10 || bitsCode == 3 || (bytes[3] & 1) != 0)
        {
            return false;
        }

        int at = 4;
        if (!TryReadNumber(bytes, ref at, out long number) || bytes.Length < at + 5)
        {
            return false;
        }

        int block = blockCode switch
        {
            1 => 192,
            <= 5 => 144 << blockCode,
            6 => bytes[at++] + 1,
            7 => ((bytes[at++] << 8) | bytes[at++]) + 1,
            _ => 1 << blockCode,
        };
        int rate = rateCode switch
        {
            12 => bytes[at++] * 1000,
            13 => (bytes[at++] << 8) | bytes[at++],
            14 => ((bytes[at++] << 8) | bytes[at++]) * 10,
            _ => Rates[rateCode],
        };
        if (FlacCrc.Crc8(bytes[..at]) != bytes[at])
        {
            return false;
        }

        header = new FlacFrameHeader(
            (bytes[1] & 1) != 0, number, block, rate,
            channelCode < 8 ? channelCode + 1 : 2, channelCode < 8 ? FlacStereo.None : (FlacStereo)(channelCode - 7), SampleBits[bitsCode], at + 1);
        return true;
    }

    /// <summary>A number of up to 36 bits, written as UTF-8 would write a character of so many.</summary>
    private static bool TryReadNumber(ReadOnlySpan<byte> bytes, ref int at, out long number)
    {
        int first = bytes[at++];
        int ones = BitOperations.LeadingZeroCount(~((uint)first << 24));
        number = first;
        if (ones == 0)
        {
            return true;
        }

        if (ones is 1 or 8 || bytes.Length < at + ones - 1)
        {
            return false;
        }

        number = first & ((1 << (7 - ones)) - 1);
        for (int i = 1; i < ones; i++)
        {
            int next = bytes[at++];
            if ((next & 0xC0) != 0x80)
            {
                return false;
            }

            number = (number << 6) | (uint)(next & 0x3F);
        }

        return true;
    }
}
