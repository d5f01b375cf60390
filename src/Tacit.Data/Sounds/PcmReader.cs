using System.Buffers.Binary;

namespace Tacit.Data.Sounds;

/// <summary>Reads uncompressed samples, integers, floats or companded bytes, in either byte order.</summary>
/// <remarks>If the file holds less than its header claims, what is there is given, with a warning.</remarks>
internal sealed class PcmReader : SoundReader
{
    private readonly SoundInput input;
    private readonly PcmLayout layout;
    private readonly float scale;
    private int[] integers = [];

    public PcmReader(SoundInput input, PcmLayout layout)
    {
        this.input = input;
        this.layout = layout;
        scale = MathF.ScaleB(1, 1 - layout.Bits);
        Info = layout.Info(input.Length);
        SoundLimits.Check(Info);
        long there = input.Length < 0 ? long.MaxValue : input.Length - layout.DataStart;
        if (layout.DataBytes > there)
        {
            Warn($"The {layout.Format} header claims {layout.DataBytes} bytes of samples, and {there} are there.");
        }
        else if (Info.Frames >= 0 && (layout.DataBytes < 0 ? there : layout.DataBytes) % layout.FrameBytes != 0)
        {
            Warn($"The {layout.Format} samples end in the middle of a frame, which is left out.");
        }

        input.Seek(layout.DataStart);
    }

    public override int Read(Span<float> interleaved)
    {
        if (layout.Encoding == PcmEncoding.Float)
        {
            return ReadFloats(interleaved);
        }

        if (integers.Length < Math.Min(interleaved.Length, 8192))
        {
            integers = new int[Math.Max(layout.Channels, Math.Min(interleaved.Length, 8192))];
        }

        int total = 0;
        while (interleaved.Length - total >= layout.Channels)
        {
            int got = ReadIntegers(integers.AsSpan(0, Math.Min(integers.Length, interleaved.Length - total)));
            for (int i = 0; i < got; i++)
            {
                interleaved[total + i] = integers[i] * scale;
            }

            total += got;
            if (got == 0)
            {
                break;
            }
        }

        return total;
    }

    public override int ReadIntegers(Span<int> interleaved)
    {
        if (layout.Encoding == PcmEncoding.Float)
        {
            throw new SoundException($"The {layout.Format} sound holds floats, not integers; read it as floats.");
        }

        int total = 0;
        for (ReadOnlySpan<byte> bytes; (bytes = NextFrames(interleaved.Length - total)).Length > 0;)
        {
            Span<int> into = interleaved.Slice(total, bytes.Length / layout.SampleBytes);
            if (layout is { Encoding: PcmEncoding.Signed, SampleBytes: 2, IsBigEndian: false })
            {
                for (int i = 0; i < into.Length; i++)
                {
                    into[i] = BinaryPrimitives.ReadInt16LittleEndian(bytes[(i * 2)..]);
                }
            }
            else
            {
                for (int i = 0; i < into.Length; i++)
                {
                    into[i] = Integer(bytes.Slice(i * layout.SampleBytes, layout.SampleBytes));
                }
            }

            total += into.Length;
            Consume(bytes.Length);
        }

        return total;
    }

    public override void Seek(long frame)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(frame);
        Position = Math.Min(frame, Info.Frames < 0 ? long.MaxValue / 2 / layout.FrameBytes : Info.Frames);
        input.Seek(layout.DataStart + (Position * layout.FrameBytes));
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            input.Dispose();
        }
    }

    private int ReadFloats(Span<float> interleaved)
    {
        int total = 0;
        for (ReadOnlySpan<byte> bytes; (bytes = NextFrames(interleaved.Length - total)).Length > 0;)
        {
            int count = bytes.Length / layout.SampleBytes;
            for (int i = 0; i < count; i++)
            {
                float value = Float(bytes.Slice(i * layout.SampleBytes, layout.SampleBytes));
                if (!float.IsFinite(value))
                {
                    throw new SoundException($"The {layout.Format} sound is corrupt: sample {Position + (i / layout.Channels)} of channel {i % layout.Channels} is {value}, not a finite number.");
                }

                interleaved[total + i] = value;
            }

            total += count;
            Consume(bytes.Length);
        }

        return total;
    }

    /// <summary>The bytes of whole frames that come next: as many as are at hand and have room.</summary>
    private ReadOnlySpan<byte> NextFrames(int room)
    {
        long frames = Info.Frames < 0 ? long.MaxValue : Info.Frames - Position;
        frames = Math.Min(frames, room / layout.Channels);
        if (frames == 0)
        {
            return default;
        }

        ReadOnlySpan<byte> bytes = input.Peek(layout.FrameBytes);
        frames = Math.Min(frames, bytes.Length / layout.FrameBytes);
        if (frames == 0 && Position == 0)
        {
            throw SoundLimits.Empty(layout.Format);
        }

        return bytes[..(int)(frames * layout.FrameBytes)];
    }

    private void Consume(int bytes)
    {
        input.Advance(bytes);
        Position += bytes / layout.FrameBytes;
    }

    private int Integer(ReadOnlySpan<byte> b) => layout.Encoding switch
    {
        PcmEncoding.Unsigned => b[0] - 128,
        PcmEncoding.ALaw => Companding.ALaw[b[0]],
        PcmEncoding.MuLaw => Companding.MuLaw[b[0]],
        _ => layout.SampleBytes switch
        {
            1 => (sbyte)b[0],
            2 => layout.IsBigEndian ? BinaryPrimitives.ReadInt16BigEndian(b) : BinaryPrimitives.ReadInt16LittleEndian(b),
            3 => layout.IsBigEndian ? ((sbyte)b[0] << 16) | (b[1] << 8) | b[2] : ((sbyte)b[2] << 16) | (b[1] << 8) | b[0],
            _ => layout.IsBigEndian ? BinaryPrimitives.ReadInt32BigEndian(b) : BinaryPrimitives.ReadInt32LittleEndian(b),
        },
    };

    private float Float(ReadOnlySpan<byte> b) => (layout.SampleBytes, layout.IsBigEndian) switch
    {
        (4, false) => BinaryPrimitives.ReadSingleLittleEndian(b),
        (4, true) => BinaryPrimitives.ReadSingleBigEndian(b),
        (_, false) => (float)BinaryPrimitives.ReadDoubleLittleEndian(b),
        (_, true) => (float)BinaryPrimitives.ReadDoubleBigEndian(b),
    };
}
