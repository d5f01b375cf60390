using System.Diagnostics;
using System.Text;
using Tacit.Data.Sounds;

namespace Tacit.Tests.Data.Sounds;

public sealed class OtherSoundTests
{
    public static TheoryData<string> Others => [.. ReferenceSounds.Names.Except(ReferenceSounds.OwnNames)];

    [Theory]
    [MemberData(nameof(Others))]
    public void Other_kinds_are_decoded_by_ffmpeg_or_refused(string name)
    {
        ReferenceSound reference = ReferenceSounds.Get(name);
        Assert.True(SoundDecoder.IsSound(reference.File.AsSpan(0, SoundDecoder.HeadBytes)));
        SoundException refused = Assert.Throws<SoundException>(() => Listening.Open(reference.File));
        Assert.Contains("ffmpeg", refused.Message, StringComparison.Ordinal);
        Assert.SkipWhen(FfmpegReader.Find() is null, "ffmpeg is not on this machine.");

        using SoundReader reader = SoundDecoder.Open(new MemoryStream(reference.File), reference.File.Length);

        Assert.Equal(new SoundInfo("ffmpeg", reference.Rate, reference.Channels, 32, -1), reader.Info);
        float[] samples = Listening.Floats(reader);
        Oracle.AssertWithin(reference.Floats, samples, name.EndsWith(".ogg", StringComparison.Ordinal) ? 1e-4 : 0);
        reader.Seek(100);
        Assert.Equal(samples.Skip(100 * reference.Channels), Listening.Floats(reader));
    }

    [Fact]
    public void What_ffmpeg_cannot_decode_is_refused()
    {
        Assert.SkipWhen(FfmpegReader.Find() is null, "ffmpeg is not on this machine.");
        byte[] file = [.. "OggS"u8, .. new byte[4000]];

        SoundException refused = Assert.Throws<SoundException>(() => SoundDecoder.Open(new MemoryStream(file), file.Length));

        Assert.StartsWith("ffmpeg cannot decode the Ogg sound: ", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_the_disk_is_decoded_where_it_lies()
    {
        Assert.SkipWhen(FfmpegReader.Find() is null, "ffmpeg is not on this machine.");
        ReferenceSound reference = ReferenceSounds.Get("other.aiff");
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["sound"], reference.File);

        using SoundReader reader = SoundDecoder.Open(File.OpenRead(folder["sound"]), reference.File.Length);

        Assert.Equal(reference.Floats, Listening.Floats(reader));
    }

    [Fact]
    public void A_program_that_gives_nothing_is_ended()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("The program that stands in for ffmpeg is a shell script.");
            return;
        }

        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["ffmpeg"], "#!/bin/sh\nexec sleep 60\n");
        File.SetUnixFileMode(folder["ffmpeg"], UnixFileMode.UserRead | UnixFileMode.UserExecute);
        byte[] file = ReferenceSounds.Get("other.ogg").File;
        var stream = new MemoryStream(file);
        long start = Stopwatch.GetTimestamp();

        SoundException refused = Assert.Throws<SoundException>(() =>
            FfmpegReader.Open(stream, new SoundInput(stream, file.Length, leaveOpen: false), "Ogg", folder["ffmpeg"], TimeSpan.FromSeconds(0.3)));

        Assert.Contains("gave nothing", refused.Message, StringComparison.Ordinal);
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(20));
    }

    [Theory]
    [InlineData(true, 0xFF, 0xFB, 0x90, 0x64)]          // MP3
    [InlineData(true, 0xFF, 0xF3, 0x44, 0xC4)]
    [InlineData(true, 0xFF, 0xF1, 0x50, 0x80)]          // AAC
    [InlineData(false, 0xFF, 0xFE, 0x23, 0x00)]         // UTF-16
    [InlineData(false, 0xFF, 0xD8, 0xFF, 0xE0)]         // JPEG
    public void Streams_are_told_from_other_files(bool isSound, int a, int b, int c, int d) =>
        Assert.Equal(isSound, SoundDecoder.IsSound([(byte)a, (byte)b, (byte)c, (byte)d, .. new byte[16]]));

    [Theory]
    [InlineData(true, "M4A ")]
    [InlineData(true, "isom")]
    [InlineData(false, "heic")]
    [InlineData(false, "avif")]
    public void Containers_of_sound_are_told_from_those_of_pictures(bool isSound, string brand) =>
        Assert.Equal(isSound, SoundDecoder.IsSound([0, 0, 0, 24, .. Encoding.ASCII.GetBytes("ftyp" + brand), .. new byte[8]]));
}
