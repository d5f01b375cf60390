using System.Buffers.Binary;
using Tacit.Data.Sounds;

namespace Tacit.Tests.Data.Sounds;

public sealed class FlacSeekTests
{
    private const int Repeats = 2000;

    [Fact]
    public void A_place_in_a_long_recording_is_found_by_halving_its_bytes()
    {
        (byte[] file, float[] unit) = LongFile();
        var counting = new CountingStream(file);
        using SoundReader reader = SoundDecoder.Open(counting, file.Length);
        Assert.Equal((long)unit.Length * Repeats, reader.Info.Frames);
        float[] some = new float[1000];
        for (int i = 0; i < 100; i++)
        {
            long frame = (i * 982_451_653L) % (reader.Info.Frames - some.Length);
            counting.Bytes = 0;
            reader.Seek(frame);
            Assert.Equal(some.Length, reader.Read(some));
            Assert.Equal(Enumerable.Range(0, some.Length).Select(j => unit[(frame + j) % unit.Length]), some);
            Assert.True(counting.Bytes < file.Length / 4, $"{counting.Bytes} of {file.Length} bytes were read.");
        }
    }

    [Fact]
    public void A_seek_table_that_lies_is_not_believed()
    {
        ReferenceSound reference = ReferenceSounds.Get("flac-seektable.flac");
        byte[] file = [.. reference.File];
        int table = 4 + 4 + 34;
        Assert.Equal(3, file[table] & 127);
        for (int point = table + 4; point < table + 4 + (18 * 8); point += 18)
        {
            BinaryPrimitives.WriteUInt64BigEndian(file.AsSpan(point + 8), BinaryPrimitives.ReadUInt64BigEndian(file.AsSpan(point + 8)) + 13);
        }

        using SoundReader reader = Listening.Open(file);
        foreach (int frame in new[] { 8999, 4000, 1, 5000 })
        {
            reader.Seek(frame);
            Assert.Equal(reference.Floats.Skip(frame), Listening.Floats(reader));
        }
    }

    [Fact]
    public void A_long_recording_is_streamed_in_little_memory()
    {
        (byte[] file, _) = LongFile();
        long before = GC.GetAllocatedBytesForCurrentThread();
        using var reader = new MonoReader(Listening.Open(file), 11025);
        float[] samples = new float[3000];
        long count = 0;
        for (int got; (got = reader.Read(samples)) > 0; count += got)
        {
        }

        Assert.Equal(reader.Length, count);
        Assert.InRange(count * 4, 6_000_000, long.MaxValue);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 600_000);
    }

    /// <summary>A FLAC file of the two whole frames of a small one, many times over, numbered on.</summary>
    private static (byte[] File, float[] Unit) LongFile()
    {
        ReferenceSound small = ReferenceSounds.Get("flac-level5-mono.flac");
        List<(int Start, int Header, int Size)> frames = SoundMutations.Frames(small.File)[..2];
        int block = 576;
        byte[] head = small.File[..frames[0].Start];
        BinaryPrimitives.WriteUInt32BigEndian(head.AsSpan(4 + 4 + 14), (uint)(2 * block * Repeats));
        head.AsSpan(4 + 4 + 18, 16).Clear();
        var file = new List<byte>(head);
        for (int number = 0; number < 2 * Repeats; number++)
        {
            (int start, int header, int size) = frames[number % 2];

            // The number of the first frames is one byte, of later ones up to two as in UTF-8.
            byte[] coded = number < 128 ? [(byte)number] : number < 2048 ? [(byte)(0xC0 | (number >> 6)), (byte)(0x80 | (number & 63))]
                : [(byte)(0xE0 | (number >> 12)), (byte)(0x80 | ((number >> 6) & 63)), (byte)(0x80 | (number & 63))];
            List<byte> frame = [.. small.File.AsSpan(start, 4), .. coded, .. small.File.AsSpan(start + 5, header - 6)];
            frame.Add((byte)SoundMutations.Checksum([.. frame], 0x07, 8));
            frame.AddRange(small.File.AsSpan(start + header, size - header - 2));
            int sum = SoundMutations.Checksum([.. frame], 0x8005, 16);
            file.AddRange([.. frame, (byte)(sum >> 8), (byte)sum]);
        }

        return ([.. file], small.Floats[..(2 * block)]);
    }

    private sealed class CountingStream(byte[] bytes) : MemoryStream(bytes)
    {
        public long Bytes { get; set; }

        public override int Read(byte[] buffer, int offset, int count)
        {
            int got = base.Read(buffer, offset, count);
            Bytes += got;
            return got;
        }
    }
}
