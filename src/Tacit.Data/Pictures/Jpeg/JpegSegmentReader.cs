using System.Buffers.Binary;

namespace Tacit.Data.Pictures.Jpeg;

/// <summary>Walks a file's marker segments and keeps what they say in the frame and in the thread's scratch.</summary>
internal ref struct JpegSegmentReader
{
    public readonly ReadOnlySpan<byte> Data;
    public int Position;
    public JpegFrame Frame;

    private readonly JpegScratch scratch;

    public JpegSegmentReader(ReadOnlySpan<byte> data, JpegScratch scratch)
    {
        Data = data;
        this.scratch = scratch;
        Position = 2;
        Frame.Orientation = 1;
        Frame.AdobeTransform = -1;
    }

    /// <summary>Whether reading stopped because the bytes ended, not at the end marker.</summary>
    public bool IsAtEnd { get; private set; }

    /// <summary>Reads all segments before the first scan.</summary>
    public void ReadToScan()
    {
        if (!ReadToNextScan())
        {
            throw IsAtEnd ? JpegMarkers.Truncated() : JpegMarkers.Corrupt("it ends without a picture in it");
        }

        if (Frame.ComponentCount == 0)
        {
            throw JpegMarkers.Corrupt("a scan comes before the frame header");
        }
    }

    /// <summary>Reads segments up to a start-of-scan marker; false at the end marker or the end of the bytes.</summary>
    public bool ReadToNextScan()
    {
        while (true)
        {
            int at = JpegMarkers.Find(Data, Position);
            if (at < 0)
            {
                IsAtEnd = true;
                return false;
            }

            Position = at + 1;
            int marker = Data[at];
            switch (marker)
            {
                case JpegMarkers.StartOfScan:
                    return true;
                case JpegMarkers.EndOfImage:
                    return false;
                case JpegMarkers.Temporary:
                case >= JpegMarkers.Restart0 and <= JpegMarkers.Restart7:
                    break;
                case JpegMarkers.StartOfImage:
                    throw JpegMarkers.Corrupt("a second picture begins inside it");
                case JpegMarkers.Baseline:
                case JpegMarkers.Extended:
                case JpegMarkers.Progressive:
                    ReadFrame(Segment(), marker == JpegMarkers.Progressive);
                    break;
                case JpegMarkers.HuffmanTables:
                    ReadHuffmanTables(Segment());
                    break;
                case JpegMarkers.QuantizationTables:
                    ReadQuantizationTables(Segment());
                    break;
                case JpegMarkers.RestartInterval:
                    ReadOnlySpan<byte> interval = Segment();
                    Frame.RestartInterval = interval.Length == 2
                        ? BinaryPrimitives.ReadUInt16BigEndian(interval)
                        : throw JpegMarkers.Corrupt("its restart interval has the wrong length");
                    break;
                case JpegMarkers.App0:
                    Frame.HasJfif |= Segment().StartsWith("JFIF\0"u8);
                    break;
                case JpegMarkers.App1:
                    ReadOnlySpan<byte> app1 = Segment();
                    if (!Frame.HasExif && app1.StartsWith("Exif\0"u8))
                    {
                        Frame.HasExif = true;
                        Frame.Orientation = ExifOrientation.Read(app1);
                    }

                    break;
                case JpegMarkers.App14:
                    ReadOnlySpan<byte> app14 = Segment();
                    if (app14.Length >= 12 && app14.StartsWith("Adobe"u8))
                    {
                        Frame.AdobeTransform = app14[11];
                    }

                    break;
                default:
                    if (JpegMarkers.UnsupportedFrame(marker) is { } process)
                    {
                        throw new PictureException($"The JPEG picture uses {process}, which is not supported; save it as a baseline or progressive JPEG.");
                    }

                    Segment();
                    break;
            }
        }
    }

    /// <summary>Reads a scan's header, resolves its tables, and leaves the position at its entropy-coded data.</summary>
    public JpegScan ReadScanHeader()
    {
        ReadOnlySpan<byte> segment = Segment();
        int count = segment.IsEmpty ? 0 : segment[0];
        if (count is < 1 or > 4 || count > Frame.ComponentCount || segment.Length != (2 * count) + 4)
        {
            throw JpegMarkers.Corrupt("a scan header has the wrong length");
        }

        int first = segment[(2 * count) + 1];
        int last = segment[(2 * count) + 2];
        int high = segment[(2 * count) + 3] >> 4;
        int low = segment[(2 * count) + 3] & 15;
        if (Frame.IsProgressive)
        {
            bool isBand = first == 0 ? last == 0 : count == 1 && last >= first && last < 64;
            if (!isBand || low > 13 || (high != 0 && high != low + 1))
            {
                throw JpegMarkers.Corrupt("a scan header has an impossible band of coefficients or bits");
            }
        }

        for (int i = 0; i < count; i++)
        {
            JpegComponent component = ComponentOf(segment[1 + (2 * i)]);
            if (scratch.ScanComponents.AsSpan(0, i).Contains(component))
            {
                throw JpegMarkers.Corrupt("a scan holds a component twice");
            }

            int tables = segment[2 + (2 * i)];
            bool needsDc = !Frame.IsProgressive || (first == 0 && high == 0);
            bool needsAc = !Frame.IsProgressive || first > 0;
            component.Dc = needsDc ? TableOf(scratch.DcTables, tables >> 4) : null;
            component.Ac = needsAc ? TableOf(scratch.AcTables, tables & 15) : null;
            LatchQuantization(component);
            component.IsSeen |= first == 0 || !Frame.IsProgressive;
            component.LowestBit.AsSpan(first & 63, Frame.IsProgressive ? last - first + 1 : 0).Fill((sbyte)low);
            scratch.ScanComponents[i] = component;
        }

        return new JpegScan(scratch.ScanComponents.AsSpan(0, count), first, last, high, low);
    }

    private readonly JpegComponent ComponentOf(int id)
    {
        for (int i = 0; i < Frame.ComponentCount; i++)
        {
            if (scratch.Components[i].Id == id)
            {
                return scratch.Components[i];
            }
        }

        throw JpegMarkers.Corrupt("a scan names a component that the frame lacks");
    }

    private static HuffmanTable TableOf(HuffmanTable?[] tables, int index) =>
        index < 4 && tables[index] is { } table ? table : throw JpegMarkers.Corrupt("a scan uses a Huffman table that was not given");

    private readonly void LatchQuantization(JpegComponent component)
    {
        if (component.IsSeen)
        {
            return;
        }

        if (!scratch.HasQuantization[component.QuantizationIndex])
        {
            throw JpegMarkers.Corrupt("a component uses a quantisation table that was not given");
        }

        scratch.Quantization.AsSpan(component.QuantizationIndex * 64, 64).CopyTo(component.Quantization);
    }

    /// <summary>The payload of the segment at the position, which moves behind it.</summary>
    private ReadOnlySpan<byte> Segment()
    {
        if (Data.Length - Position < 2)
        {
            throw JpegMarkers.Truncated();
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(Data[Position..]);
        if (length < 2)
        {
            throw JpegMarkers.Corrupt("a segment claims a length below 2");
        }

        if (length > Data.Length - Position)
        {
            throw JpegMarkers.Truncated();
        }

        ReadOnlySpan<byte> payload = Data.Slice(Position + 2, length - 2);
        Position += length;
        return payload;
    }

    private void ReadFrame(ReadOnlySpan<byte> segment, bool isProgressive)
    {
        if (Frame.ComponentCount != 0)
        {
            throw JpegMarkers.Corrupt("it has two frame headers");
        }

        if (segment.Length < 6 || segment.Length != 6 + (3 * segment[5]))
        {
            throw JpegMarkers.Corrupt("its frame header has the wrong length");
        }

        if (segment[0] != 8)
        {
            throw new PictureException($"The JPEG picture has {segment[0]} bits a sample, of which only 8 are supported; save it with 8.");
        }

        Frame.Height = BinaryPrimitives.ReadUInt16BigEndian(segment[1..]);
        Frame.Width = BinaryPrimitives.ReadUInt16BigEndian(segment[3..]);
        if (Frame.Height == 0)
        {
            throw new PictureException("The JPEG picture gives its height only after its data (a DNL marker), which is not supported; save it again.");
        }

        if (Frame.Width == 0)
        {
            throw JpegMarkers.Corrupt("its header claims a width of 0");
        }

        int count = segment[5];
        if (count is not (1 or 3 or 4))
        {
            throw new PictureException($"The JPEG picture has {count} components; 1, 3 and 4 are supported.");
        }

        Frame.IsProgressive = isProgressive;
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> entry = segment.Slice(6 + (3 * i), 3);
            int h = entry[1] >> 4;
            int v = entry[1] & 15;
            if (h is < 1 or > 4 || v is < 1 or > 4 || entry[2] > 3)
            {
                throw JpegMarkers.Corrupt("a component has an impossible sampling factor or table");
            }

            if (count == 1)
            {
                // Alone, a component is never interleaved, and its factors say nothing (T.81, A.2.2).
                h = 1;
                v = 1;
            }

            scratch.Components[i].Reset(entry[0], h, v, entry[2]);
            Frame.MaxH = Math.Max(Frame.MaxH, h);
            Frame.MaxV = Math.Max(Frame.MaxV, v);
        }

        Frame.ComponentCount = count;
        Frame.UnitsWide = CeilDivide(Frame.Width, 8 * Frame.MaxH);
        Frame.UnitsHigh = CeilDivide(Frame.Height, 8 * Frame.MaxV);
        for (int i = 0; i < count; i++)
        {
            JpegComponent component = scratch.Components[i];
            component.Width = CeilDivide(Frame.Width * component.H, Frame.MaxH);
            component.Height = CeilDivide(Frame.Height * component.V, Frame.MaxV);
            component.BlocksWide = CeilDivide(component.Width, 8);
            component.BlocksHigh = CeilDivide(component.Height, 8);
            component.PaddedBlocksWide = Frame.UnitsWide * component.H;
            component.PaddedBlocksHigh = Frame.UnitsHigh * component.V;
            Frame.Blocks += (long)component.PaddedBlocksWide * component.PaddedBlocksHigh;
        }
    }

    private readonly void ReadHuffmanTables(ReadOnlySpan<byte> segment)
    {
        while (!segment.IsEmpty)
        {
            int symbols = 0;
            for (int i = 1; i <= 16 && segment.Length >= 17; i++)
            {
                symbols += segment[i];
            }

            if (segment.Length < 17 + symbols || symbols > 256)
            {
                throw JpegMarkers.Corrupt("a Huffman table has the wrong length");
            }

            int kind = segment[0] >> 4;
            int index = segment[0] & 15;
            if (kind > 1 || index > 3)
            {
                throw JpegMarkers.Corrupt("a Huffman table has an impossible number");
            }

            HuffmanTable?[] tables = kind == 0 ? scratch.DcTables : scratch.AcTables;
            tables[index] = scratch.Cache.Get(segment.Slice(1, 16 + symbols), isDc: kind == 0);
            segment = segment[(17 + symbols)..];
        }
    }

    private readonly void ReadQuantizationTables(ReadOnlySpan<byte> segment)
    {
        while (!segment.IsEmpty)
        {
            int bytes = segment[0] >> 4 == 0 ? 1 : 2;
            int index = segment[0] & 15;
            if (segment[0] >> 4 > 1 || index > 3 || segment.Length < 1 + (64 * bytes))
            {
                throw JpegMarkers.Corrupt("a quantisation table has the wrong length or number");
            }

            Span<short> table = scratch.Quantization.AsSpan(index * 64, 64);
            for (int k = 0; k < 64; k++)
            {
                int step = bytes == 1 ? segment[1 + k] : BinaryPrimitives.ReadUInt16BigEndian(segment[(1 + (2 * k))..]);
                table[Zigzag.Natural[k]] = (short)step;
            }

            scratch.HasQuantization[index] = true;
            segment = segment[(1 + (64 * bytes))..];
        }
    }

    private static int CeilDivide(int value, int by) => (value + by - 1) / by;
}
