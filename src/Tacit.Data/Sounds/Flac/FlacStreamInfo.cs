using System.Buffers.Binary;

namespace Tacit.Data.Sounds.Flac;

/// <summary>The first metadata block of a FLAC file.</summary>
/// <remarks>RFC 9639, section 8.2. Frames is -1 where the encoder did not know; Md5 is null where it did not compute it.</remarks>
internal sealed record FlacStreamInfo(
    int MinBlock, int MaxBlock, int MaxFrameBytes, int Rate, int Channels, int Bits, long Frames, byte[]? Md5)
{
    public const int Size = 34;

    public SoundInfo Info => new("FLAC", Rate, Channels, Bits, Frames);

    /// <summary>Whether a frame's header tells its place: by its sample's number, or by its own where all blocks but the last are of one size.</summary>
    public bool TellsPlace(in FlacFrameHeader header) => header.IsVariable || MinBlock == MaxBlock;

    /// <summary>The number of a frame's first sample.</summary>
    public long FirstSample(in FlacFrameHeader header) => header.IsVariable ? header.Number : header.Number * MaxBlock;

    public static FlacStreamInfo Read(ReadOnlySpan<byte> block)
    {
        ulong packed = BinaryPrimitives.ReadUInt64BigEndian(block[10..]);
        long frames = (long)(packed & 0xF_FFFF_FFFF);
        var info = new FlacStreamInfo(
            BinaryPrimitives.ReadUInt16BigEndian(block),
            BinaryPrimitives.ReadUInt16BigEndian(block[2..]),
            (block[7] << 16) | (block[8] << 8) | block[9],
            (int)(packed >> 44),
            (int)((packed >> 41) & 7) + 1,
            (int)((packed >> 36) & 31) + 1,
            frames == 0 ? -1 : frames,
            block.Slice(18, 16).ContainsAnyExcept((byte)0) ? block.Slice(18, 16).ToArray() : null);
        if (info.MaxBlock < 16)
        {
            throw FlacMetadata.Corrupt($"its blocks are claimed to have at most {info.MaxBlock} samples");
        }

        if (info.Bits < 4)
        {
            throw FlacMetadata.Corrupt($"it claims {info.Bits} bits a sample");
        }

        SoundLimits.Check(info.Info);
        return info;
    }
}
