using System.Buffers.Binary;
using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using Tacit.Data.Pictures;
using Xunit;

namespace Tacit.Tests.Data.Pictures;

public sealed class HostileHeaderTests
{
    private const string SmallJpeg = "jpeg-2x2-32x32.jpg";
    private const string ProgressiveJpeg = "jpeg-1x1-32x32-progressive.jpg";

    [Theory]
    [InlineData(SmallJpeg, 8000, 8000)]
    [InlineData(SmallJpeg, 65535, 65535)]
    [InlineData(SmallJpeg, 65535, 16)]
    [InlineData(ProgressiveJpeg, 8000, 8000)]
    [InlineData("jpeg-cmyk-progressive.jpg", 65535, 65535)]
    [InlineData("png-type2-8bit-19x11.png", 100_000, 100_000)]
    [InlineData("png-type2-8bit-19x11.png", 8000, 6000)]
    [InlineData("png-type0-1bit-21x18-adam7.png", 60_000, 2000)]
    [InlineData("png-type6-16bit-19x11.png", int.MaxValue, 1)]
    [InlineData("bmp-24.bmp", 8000, 6000)]
    [InlineData("bmp-1.bmp", int.MaxValue, int.MinValue)]
    [InlineData("bmp-1.bmp", 60_000, 60_000)]
    [InlineData("bmp-rle8.bmp", 6000, 6000)]
    [InlineData("bmp-rle4.bmp", 65535, 65535)]
    public void A_small_file_that_claims_a_large_picture_costs_nothing(string name, int width, int height)
    {
        byte[] file = [.. ReferencePictures.Get(name).File];
        if (name.StartsWith("jpeg", StringComparison.Ordinal))
        {
            int frame = FrameHeader(file);
            BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(frame + 5), (ushort)height);
            BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(frame + 7), (ushort)width);
        }
        else if (name.StartsWith("png", StringComparison.Ordinal))
        {
            file = Png(width, height, file[24], file[25], [1, 2, 3, 4]);
        }
        else
        {
            BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(18), width);
            BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(22), height);
        }

        AssertRefusedCheaply(file);
    }

    [Theory]
    [InlineData("P6 20000 20000 255\n1234")]
    [InlineData("P6 8000 6000 255\n1234")]
    [InlineData("P2 8000 6000 255\n1 2 3 4")]
    [InlineData("P5 99999999999999999999 1 255\n1")]
    [InlineData("P5 4294967297 1 255\n1")]
    [InlineData("P5 0 1 255\n1")]
    [InlineData("P5 1 1 0\n1")]
    [InlineData("P5 1 1 65536\n11")]
    [InlineData("P5 -1 1 255\n1")]
    [InlineData("P5 1")]
    [InlineData("P5 # no more")]
    public void Portable_maps_with_impossible_headers_are_refused(string text) => AssertRefusedCheaply(Encoding.ASCII.GetBytes(text));

    [Theory]
    [InlineData("")]
    [InlineData("B")]
    [InlineData("BM")]
    [InlineData("BMW drivers are not bitmaps")]
    [InlineData("P7\nWIDTH 3")]
    [InlineData("GIF89a......")]
    [InlineData("<svg></svg>")]
    public void Other_files_are_no_pictures(string text)
    {
        byte[] file = Encoding.ASCII.GetBytes(text);
        if (file.Length > 2)
        {
            Assert.False(PictureDecoder.IsPicture(file));
        }

        AssertRefusedCheaply(file);
    }

    [Theory]
    [InlineData(0xC3, "lossless")]
    [InlineData(0xC5, "hierarchical")]
    [InlineData(0xC9, "arithmetic")]
    [InlineData(0xCA, "arithmetic")]
    [InlineData(0xCB, "lossless arithmetic")]
    public void Coding_that_is_not_supported_is_named(int marker, string word)
    {
        byte[] file = [.. ReferencePictures.Get(SmallJpeg).File];
        file[FrameHeader(file) + 1] = (byte)marker;
        Assert.Contains(word, AssertRefusedCheaply(file), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4, 12, "12 bits")]
    [InlineData(6, 0, "DNL")]
    public void Frames_that_are_not_supported_are_named(int offset, int value, string word)
    {
        // Offset 6 is the height's low byte; its high byte is 0 already.
        byte[] file = [.. ReferencePictures.Get(SmallJpeg).File];
        file[FrameHeader(file) + offset] = (byte)value;
        Assert.Contains(word, AssertRefusedCheaply(file), StringComparison.Ordinal);
    }

    [Fact]
    public void Thousands_of_empty_scans_are_refused_quickly()
    {
        // A grey progressive picture of 4,000 x 4,000: one DC scan of zeros, then refinements that hold nothing but ends of bands.
        byte[] dcCodes = new byte[17];
        dcCodes[0] = 1;                                    // one code of one bit, for a difference of 0
        byte[] acCodes = new byte[17];
        acCodes[0] = 1;
        acCodes[16] = 0xE0;                                // one code of one bit, for 2^14 blocks and more
        const int Side = 4000;
        const int Blocks = Side / 8 * (Side / 8);
        List<byte> file =
        [
            0xFF, 0xD8,
            .. Segment(0xDB, [0, .. Enumerable.Repeat((byte)1, 64)]),
            .. Segment(0xC2, [8, Side >> 8, Side & 255, Side >> 8, Side & 255, 1, 1, 0x11, 0]),
            .. Segment(0xC4, [0x00, .. dcCodes]),
            .. Segment(0xC4, [0x10, .. acCodes]),
            .. Segment(0xDA, [1, 1, 0, 0, 0, 0]), .. new byte[(Blocks + 7) / 8],
        ];
        byte[] scan = [.. Segment(0xDA, [1, 1, 0, 1, 63, 0x10]), .. new byte[40]];
        for (int i = 0; i < 5000; i++)
        {
            file.AddRange(scan);
        }

        long start = Stopwatch.GetTimestamp();
        PictureException e = Assert.Throws<PictureException>(() => PictureDecoder.Decode(file.ToArray()));
        Assert.Contains("scans", e.Message, StringComparison.Ordinal);
        // All of them would take minutes; those that are let through take well under a second of an idle core.
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void A_megabyte_of_fill_bytes_is_no_trap()
    {
        byte[] file = ReferencePictures.Get(SmallJpeg).File;
        byte[] trap = [.. file.AsSpan(0, file.Length - 60), .. Enumerable.Repeat((byte)0xFF, 1 << 20), 0xD9];
        Assert.Null(HostileDecoding.TryDecode(trap, "a run of fill bytes"));
    }

    [Fact]
    public void Inflating_stops_where_the_picture_ends()
    {
        // One grey pixel, followed in the same stream by 100 million zeros.
        using var packed = new MemoryStream();
        using (var z = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            byte[] zeros = new byte[1 << 20];
            zeros[1] = 200;
            z.Write(zeros);
            zeros[1] = 0;
            for (int i = 0; i < 100; i++)
            {
                z.Write(zeros);
            }
        }

        byte[] file = Png(1, 1, 8, 0, packed.ToArray());
        long before = GC.GetAllocatedBytesForCurrentThread();
        Picture picture = PictureDecoder.Decode(file);
        Assert.Equal([200], picture.Pixels);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 100_000);
    }

    [Fact]
    public void A_header_alone_identifies_a_picture()
    {
        byte[] file = ReferencePictures.Get("jpeg-exif-6-mm.jpg").File;
        int scan = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]);
        Assert.Equal(new PictureInfo(9, 13, 3, PictureFormat.Jpeg), PictureDecoder.Identify(file.AsSpan(0, scan + 2)));
    }

    /// <summary>The message with which the bytes are refused, by both calls that read them, without allocating more than a little.</summary>
    private static string AssertRefusedCheaply(byte[] file)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        PictureException e = Assert.Throws<PictureException>(() => PictureDecoder.Decode(file));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1_000_000, "Refusing the picture took more than a megabyte.");
        return e.Message;
    }

    /// <summary>Where the frame header's 0xFF stands.</summary>
    private static int FrameHeader(ReadOnlySpan<byte> file)
    {
        int baseline = file.IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0, 0x00]);
        return baseline >= 0 ? baseline : file.IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC2, 0x00]);
    }

    private static byte[] Segment(byte marker, ReadOnlySpan<byte> payload) =>
        [0xFF, marker, (byte)((payload.Length + 2) >> 8), (byte)((payload.Length + 2) & 255), .. payload];

    private static byte[] Png(int width, int height, byte depth, byte colourType, ReadOnlySpan<byte> data)
    {
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = depth;
        header[9] = colourType;
        return [0x89, .. "PNG\r\n\x1a\n"u8, .. Chunk("IHDR"u8, header), .. Chunk("IDAT"u8, data), .. Chunk("IEND"u8, [])];
    }

    private static byte[] Chunk(ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        byte[] chunk = [0, 0, 0, 0, .. type, .. data, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(chunk.Length - 4), Tacit.Data.Pictures.Png.Crc32.Of(chunk.AsSpan(4, data.Length + 4)));
        return chunk;
    }
}
