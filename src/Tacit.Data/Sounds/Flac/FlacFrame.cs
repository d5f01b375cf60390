namespace Tacit.Data.Sounds.Flac;

/// <summary>One decoded frame, and the memory of the one before it.</summary>
/// <remarks>RFC 9639, section 9. The last channel is decoded in 64 bits where the difference of two 32-bit channels needs 33.</remarks>
internal sealed class FlacFrame
{
    private const int ChecksumBytes = 2;
    private readonly int[][] channels = new int[8][];
    private long[] side = [];

    public FlacFrameHeader Header { get; private set; }

    public int Block => Header.Block;

    public ReadOnlySpan<int> Channel(int channel) => channels[channel].AsSpan(FlacPrediction.Room, Block);

    /// <summary>Decodes a frame whose header has been read, and checks its checksum.</summary>
    /// <param name="padded">The bytes from the header on, and the slack behind them.</param>
    /// <param name="header">The header, of as many channels as the stream.</param>
    /// <param name="bits">Bits of a sample.</param>
    /// <returns>The frame's bytes.</returns>
    /// <exception cref="FlacEndException">The frame does not end within the bytes.</exception>
    /// <exception cref="SoundException">The frame is corrupt.</exception>
    public int Decode(ReadOnlySpan<byte> padded, in FlacFrameHeader header, int bits)
    {
        Header = header;
        var reader = new FlacBits(padded, header.Size);
        bool isWide = header.Stereo != FlacStereo.None && bits > 30;
        for (int channel = 0; channel < header.Channels; channel++)
        {
            int[] room = Room(channel);
            bool isSide = header.Stereo == FlacStereo.SideRight ? channel == 0 : header.Stereo != FlacStereo.None && channel == 1;
            if (isSide && isWide)
            {
                if (side.Length < header.Block)
                {
                    side = new long[header.Block];
                }

                FlacSubframe.ReadWide(ref reader, side.AsSpan(0, header.Block), room, bits + 1);
            }
            else
            {
                FlacSubframe.Read(ref reader, room, header.Block, isSide ? bits + 1 : bits);
            }
        }

        int end = reader.Align();
        if (end + ChecksumBytes > padded.Length - SoundInput.Slack)
        {
            throw new FlacEndException();
        }

        if (FlacCrc.Crc16(padded[..end]) != ((padded[end] << 8) | padded[end + 1]))
        {
            throw FlacMetadata.Corrupt("a frame does not have the checksum it states");
        }

        Unmix(isWide);
        return end + ChecksumBytes;
    }

    private int[] Room(int channel)
    {
        int length = FlacPrediction.Room + Header.Block;
        if (channels[channel] is not { } room || room.Length < length)
        {
            channels[channel] = room = new int[length];
        }

        return room;
    }

    /// <summary>Left and right of left and left - right; of left - right and right; of their half sum and left - right.</summary>
    private void Unmix(bool isWide)
    {
        if (Header.Stereo == FlacStereo.None)
        {
            return;
        }

        Span<int> first = channels[0].AsSpan(FlacPrediction.Room, Block);
        Span<int> second = channels[1].AsSpan(FlacPrediction.Room, Block);
        ReadOnlySpan<long> wide = isWide ? side.AsSpan(0, Block) : [];
        switch (Header.Stereo)
        {
            case FlacStereo.LeftSide:
                for (int i = 0; i < first.Length; i++)
                {
                    second[i] = first[i] - (isWide ? (int)wide[i] : second[i]);
                }

                break;
            case FlacStereo.SideRight:
                for (int i = 0; i < first.Length; i++)
                {
                    first[i] = (isWide ? (int)wide[i] : first[i]) + second[i];
                }

                break;
            default:
                for (int i = 0; i < first.Length; i++)
                {
                    // The half sum lost its lowest bit, which is that of the difference.
                    long difference = isWide ? wide[i] : second[i];
                    long sum = ((long)first[i] << 1) | (difference & 1);
                    first[i] = (int)((sum + difference) >> 1);
                    second[i] = (int)((sum - difference) >> 1);
                }

                break;
        }
    }
}
