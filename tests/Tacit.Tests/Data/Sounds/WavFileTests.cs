using System.Buffers.Binary;
using System.Text;
using Tacit.Data.Sounds;

namespace Tacit.Tests.Data.Sounds;

public sealed class WavFileTests
{
    private const uint Streaming = 0xFFFFFFFF;
    private static readonly byte[] Two = [1, 0, 0xFF, 0x7F];

    [Fact]
    public void Chunks_that_are_not_known_are_gone_over_with_their_padding()
    {
        byte[] file = Riff([.. Chunk("LIST", new byte[7]), .. Chunk("odd ", [1]), .. Format(), .. Chunk("fact", new byte[4]), .. Chunk("data", Two), .. Chunk("id3 ", new byte[20])]);

        using SoundReader reader = Listening.Open(file);

        Assert.Equal(new SoundInfo("WAV", 16000, 1, 16, 2), reader.Info);
        Assert.Equal([1, 32767], Listening.Integers(reader));
        Assert.Empty(reader.Warnings);
    }

    [Theory]
    [InlineData(Streaming, Streaming)]
    [InlineData(0u, 0u)]
    [InlineData(36u, 0u)]
    [InlineData(0x7FFFF024u, 0x7FFFF000u)]
    public void Sizes_that_a_writer_left_open_mean_all_that_follows(uint outer, uint inner)
    {
        byte[] file = Riff([.. Format(), .. Chunk("data", Two, inner)], outer);

        using SoundReader reader = Listening.Open(file);

        Assert.Equal(2, reader.Info.Frames);
        Assert.Equal([1, 32767], Listening.Integers(reader));
        Assert.Empty(reader.Warnings);
    }

    [Fact]
    public void Of_a_header_that_claims_too_much_what_is_there_is_given_with_a_warning()
    {
        using SoundReader reader = Listening.Open(Riff([.. Format(), .. Chunk("data", Two, 5000)]));

        Assert.Equal([1, 32767], Listening.Integers(reader));
        Assert.Equal("The WAV header claims 5000 bytes of samples, and 4 are there.", Assert.Single(reader.Warnings));
    }

    [Fact]
    public void Half_a_frame_at_the_end_is_left_out_with_a_warning()
    {
        using SoundReader reader = Listening.Open(Riff([.. Format(channels: 2), .. Chunk("data", [1, 0, 2, 0, 3, 0])]));

        Assert.Equal([1, 2], Listening.Integers(reader));
        Assert.Contains("middle of a frame", Assert.Single(reader.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Sizes_of_64_bits_are_read()
    {
        byte[] sizes = new byte[28];
        BinaryPrimitives.WriteInt64LittleEndian(sizes.AsSpan(8), 4);
        byte[] file = Riff([.. Chunk("ds64", sizes), .. Format(), .. Chunk("data", Two, Streaming), .. Chunk("LIST", new byte[8])], Streaming);
        "RF64"u8.CopyTo(file);

        using SoundReader reader = Listening.Open(file);

        Assert.Equal(2, reader.Info.Frames);
        Assert.Equal([1, 32767], Listening.Integers(reader));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void A_float_that_is_not_finite_is_refused_by_its_number(float bad)
    {
        byte[] samples = new byte[6 * 4];
        BinaryPrimitives.WriteSingleLittleEndian(samples.AsSpan(5 * 4), bad);
        byte[] file = Riff([.. Format(tag: 3, channels: 2, bits: 32), .. Chunk("data", samples)]);

        SoundException refused = Assert.Throws<SoundException>(() => Listening.Floats(file));

        Assert.Contains("sample 2 of channel 1", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bits_that_do_not_fill_their_bytes_are_the_upper_ones()
    {
        byte[] file = Riff([.. Format(bits: 12), .. Chunk("data", [0x10, 0x00, 0xF0, 0x7F])]);

        using SoundReader reader = Listening.Open(file);

        Assert.Equal(16, reader.Info.Bits);
        Assert.Equal([16, 0x7FF0], Listening.Integers(reader));
    }

    [Theory]
    [InlineData(1, 1, 0u, 16, "rate of 0 Hz")]
    [InlineData(1, 1, 4294967295u, 16, "rate of 4294967295 Hz")]
    [InlineData(1, 1, 1u, 16, "rate of 1 Hz")]
    [InlineData(1, 0, 16000u, 16, "0 channels")]
    [InlineData(1, 60000, 16000u, 16, "60000 channels")]
    [InlineData(1, 1, 16000u, 0, "0 bits")]
    [InlineData(1, 1, 16000u, 40, "40 bits")]
    [InlineData(3, 1, 16000u, 16, "16 bits")]
    [InlineData(6, 1, 16000u, 16, "16 bits")]
    [InlineData(85, 1, 16000u, 16, "codec 85")]
    public void Formats_that_cannot_be_are_refused(int tag, int channels, uint rate, int bits, string why)
    {
        byte[] file = Riff([.. Format(tag, channels, rate, bits), .. Chunk("data", new byte[64])]);

        SoundException refused = Assert.Throws<SoundException>(() => Listening.Open(file));

        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sound_without_samples_is_refused()
    {
        Assert.Contains("empty", Assert.Throws<SoundException>(() => Listening.Open(Riff([.. Format(), .. Chunk("data", [])]))).Message, StringComparison.Ordinal);
        Assert.Contains("empty", Assert.Throws<SoundException>(() => Listening.Open(Riff([.. Format(), .. Chunk("data", []), .. Chunk("LIST", new byte[8])]))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Data_before_or_without_a_format_are_refused()
    {
        Assert.Contains("before their format", Refusal(Riff([.. Chunk("data", Two), .. Format()])), StringComparison.Ordinal);
        Assert.Contains("truncated", Refusal(Riff(Chunk("LIST", Two))), StringComparison.Ordinal);
        Assert.Contains("no data chunk", Refusal(Riff(Format())), StringComparison.Ordinal);
        Assert.Contains("truncated", Refusal(Riff(Format())[..30]), StringComparison.Ordinal);
        Assert.Contains("truncated", Refusal(Riff([.. Format(), .. Chunk("LIST", Two, 100)])), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("R")]
    [InlineData("RIFF....AVI LIST")]
    [InlineData("A text about sounds, of some length.")]
    [InlineData("<svg></svg>........")]
    public void Other_files_are_no_sounds(string text)
    {
        byte[] file = Encoding.ASCII.GetBytes(text);
        Assert.False(SoundDecoder.IsSound(file));
        Assert.Contains("not a sound", Refusal(file), StringComparison.Ordinal);
    }

    [Fact]
    public void Sphere_headers_are_held_to_what_they_say()
    {
        Assert.Contains("compressed", Refusal(Sphere("sample_coding -s26 pcm,embedded-shorten-v2.00")), StringComparison.Ordinal);
        Assert.Contains("which byte", Refusal(Sphere("sample_n_bytes -i 2")), StringComparison.Ordinal);
        Assert.Contains("byte order", Refusal(Sphere("sample_byte_format -s2 77")), StringComparison.Ordinal);
        Assert.Contains("no end", Refusal(Encoding.ASCII.GetBytes("NIST_1A\n   1024\n" + new string(' ', 1024))), StringComparison.Ordinal);
        Assert.Contains("truncated", Refusal(Encoding.ASCII.GetBytes("NIST_1A\n   1024\nend_head\n")), StringComparison.Ordinal);
        Assert.Contains("size", Refusal(Encoding.ASCII.GetBytes("NIST_1A\n   many\nend_head\n")), StringComparison.Ordinal);
        using SoundReader reader = Listening.Open(Sphere("sample_byte_format -s2 01\nsample_count -i 9"));
        Assert.Equal([1, 32767], Listening.Integers(reader));
        Assert.Single(reader.Warnings);
    }

    internal static byte[] Riff(byte[] chunks, uint? size = null) => [.. "RIFF"u8, .. U32(size ?? (uint)chunks.Length + 4), .. "WAVE"u8, .. chunks];

    internal static byte[] Chunk(string id, byte[] bytes, uint? size = null) =>
        [.. Encoding.ASCII.GetBytes(id), .. U32(size ?? (uint)bytes.Length), .. bytes, .. new byte[bytes.Length & 1]];

    internal static byte[] Format(int tag = 1, int channels = 1, uint rate = 16000, int bits = 16)
    {
        int frame = channels * ((bits + 7) / 8);
        return Chunk("fmt ", [.. U16(tag), .. U16(channels), .. U32(rate), .. U32(rate * (uint)frame), .. U16(frame), .. U16(bits)]);
    }

    private static string Refusal(byte[] file) => Assert.Throws<SoundException>(() => Listening.Open(file)).Message;

    private static byte[] Sphere(string lines)
    {
        string header = $"NIST_1A\n   1024\nchannel_count -i 1\nsample_rate -i 16000\n{lines}\nend_head\n";
        return [.. Encoding.ASCII.GetBytes(header.PadRight(1024)), .. Two];
    }

    private static byte[] U16(int value) => [(byte)value, (byte)(value >> 8)];

    private static byte[] U32(uint value) => [(byte)value, (byte)(value >> 8), (byte)(value >> 16), (byte)(value >> 24)];
}
