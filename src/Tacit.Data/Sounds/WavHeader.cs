using System.Buffers.Binary;

namespace Tacit.Data.Sounds;

/// <summary>The chunks of a WAV file up to its samples: RIFF, its big-endian twin RIFX, and RF64 and BW64 with 64-bit sizes.</summary>
/// <remarks>
/// PCM whose bits do not fill their bytes is read as if it did, for the standard puts the unused bits lowest. A data chunk of
/// size 0 whose file goes on although the outer size knows nothing of that, and sizes of 2 GB and more that the file does not
/// have, come from writers that could not go back: all that follows is taken for samples.
/// </remarks>
internal static class WavHeader
{
    private const int MaxChunks = 10_000;
    private const int FormatBytes = 40;
    private const uint UnknownSize = 0x7FFF_0000;       // and above: sox, ffmpeg and others differ by their headers' bytes
    private const ushort Pcm = 1;
    private const ushort Float = 3;
    private const ushort ALaw = 6;
    private const ushort MuLaw = 7;
    private const ushort Extensible = 0xFFFE;

    // A GUID that begins with a format's number: {0000XXXX-0000-0010-8000-00AA00389B71}.
    private static ReadOnlySpan<byte> GuidEnd => [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71];

    public static bool IsWav(ReadOnlySpan<byte> first) =>
        first.Length >= 12 && first[8..12].SequenceEqual("WAVE"u8)
        && (first.StartsWith("RIFF"u8) || first.StartsWith("RIFX"u8) || first.StartsWith("RF64"u8) || first.StartsWith("BW64"u8));

    /// <summary>Reads up to the samples.</summary>
    /// <param name="input">At its start.</param>
    /// <param name="codec">The format's number where the samples are compressed in a way that others must undo.</param>
    /// <returns>The layout, or null where there is a <paramref name="codec"/>.</returns>
    public static PcmLayout? Read(SoundInput input, out int? codec)
    {
        ReadOnlySpan<byte> riff = Need(input, 12);
        bool isBigEndian = riff[3] == 'X';
        bool isLong = !riff.StartsWith("RIF"u8);
        long outerSize = U32(riff[4..], isBigEndian);
        long longDataSize = -1;
        input.Advance(12);
        Form? form = null;
        codec = null;
        for (int chunk = 0; chunk < MaxChunks; chunk++)
        {
            ReadOnlySpan<byte> head = input.Peek(8);
            if (head.Length < 8)
            {
                throw form is null ? Truncated() : Corrupt("it has no data chunk");
            }

            long size = U32(head[4..], isBigEndian);
            if (head.StartsWith("data"u8))
            {
                input.Advance(8);
                Form known = form ?? throw Corrupt("its data come before their format");
                return Layout(known, isBigEndian, input, outerSize, isLong && size == uint.MaxValue ? longDataSize : size, out codec);
            }

            bool isFormat = head.StartsWith("fmt "u8);
            bool isSizes = isLong && head.StartsWith("ds64"u8);
            input.Advance(8);
            long next = input.Position + size + (size & 1);
            if (isFormat)
            {
                form = ReadForm(Need(input, (int)Math.Min(size, FormatBytes)), (int)Math.Min(size, FormatBytes), isBigEndian);
            }
            else if (isSizes && size >= 16)
            {
                ReadOnlySpan<byte> sizes = Need(input, 16);
                outerSize = BinaryPrimitives.ReadInt64LittleEndian(sizes);
                longDataSize = Math.Max(-1, BinaryPrimitives.ReadInt64LittleEndian(sizes[8..]));
            }

            input.Seek(next);
            if (input.Position < next)
            {
                throw Truncated();
            }
        }

        throw Corrupt($"it has more than {MaxChunks} chunks before its data");
    }

    private static Form ReadForm(ReadOnlySpan<byte> chunk, int size, bool isBigEndian)
    {
        if (size < 16)
        {
            throw Corrupt($"its format has {size} bytes where at least 16 are needed");
        }

        int tag = U16(chunk, isBigEndian);
        if (tag == Extensible)
        {
            if (size < FormatBytes)
            {
                throw Corrupt($"its extended format has {size} bytes where {FormatBytes} are needed");
            }

            if (!isBigEndian && !chunk.Slice(26, 14).SequenceEqual(GuidEnd))
            {
                throw new SoundException("The WAV sound is of a kind that is not supported: its format is none that has a number.");
            }

            tag = U16(chunk[24..], isBigEndian);
        }

        uint rate = U32(chunk[4..], isBigEndian);
        return new Form(tag, U16(chunk[2..], isBigEndian), rate > int.MaxValue ? -1 : (int)rate, U16(chunk[12..], isBigEndian), U16(chunk[14..], isBigEndian));
    }

    private static PcmLayout? Layout(Form form, bool isBigEndian, SoundInput input, long outerSize, long dataSize, out int? codec)
    {
        codec = form.Tag is Pcm or Float or ALaw or MuLaw ? null : form.Tag;
        if (codec is not null)
        {
            return null;
        }

        SoundLimits.Check(new SoundInfo("WAV", form.Rate, form.Channels, form.Bits, -1));
        int needed = (form.Bits + 7) / 8;
        int sampleBytes = form.FrameBytes == 0 ? needed : form.FrameBytes / form.Channels;
        bool isPossible = form.Bits > 0 && sampleBytes >= needed && (form.FrameBytes == 0 || form.FrameBytes % form.Channels == 0) && form.Tag switch
        {
            Pcm => sampleBytes <= 4,
            Float => form.Bits is 32 or 64 && sampleBytes == needed,
            _ => form.Bits == 8 && sampleBytes == 1,
        };
        if (!isPossible)
        {
            throw Corrupt($"its header claims {form.Bits} bits a sample in {form.FrameBytes} bytes a frame of {form.Channels} channels");
        }

        long start = input.Position;
        bool isThere = input.Length >= 0 && dataSize <= input.Length - start;
        bool isUnknown = dataSize < 0
            || (dataSize == 0 && (outerSize + 8 <= start || outerSize >= UnknownSize))
            || (dataSize is >= UnknownSize and <= uint.MaxValue && !isThere);
        PcmEncoding encoding = form.Tag switch
        {
            Pcm => sampleBytes == 1 ? PcmEncoding.Unsigned : PcmEncoding.Signed,
            Float => PcmEncoding.Float,
            ALaw => PcmEncoding.ALaw,
            _ => PcmEncoding.MuLaw,
        };
        return new PcmLayout("WAV", form.Rate, form.Channels, encoding, sampleBytes, isBigEndian, start, isUnknown ? -1 : dataSize);
    }

    private static ReadOnlySpan<byte> Need(SoundInput input, int count)
    {
        ReadOnlySpan<byte> bytes = input.Peek(count);
        return bytes.Length >= count ? bytes : throw Truncated();
    }

    private static int U16(ReadOnlySpan<byte> bytes, bool isBigEndian) =>
        isBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private static uint U32(ReadOnlySpan<byte> bytes, bool isBigEndian) =>
        isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private static SoundException Truncated() => new("The WAV sound is truncated: the file ends before its samples begin.");

    private static SoundException Corrupt(string what) => new($"The WAV sound is corrupt: {what}.");

    private readonly record struct Form(int Tag, int Channels, int Rate, int FrameBytes, int Bits);
}
