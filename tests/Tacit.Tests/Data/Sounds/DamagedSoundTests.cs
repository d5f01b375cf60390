using Tacit.Data.Sounds;

namespace Tacit.Tests.Data.Sounds;

public sealed class DamagedSoundTests
{
    [Theory]
    [InlineData("flac-level5-mono.flac")]
    [InlineData("flac-stereo1.flac")]
    [InlineData("flac-hand-kinds.flac")]
    [InlineData("flac-silence.flac")]
    public void A_flac_file_cut_anywhere_is_refused(string name)
    {
        byte[] file = ReferenceSounds.Get(name).File;
        for (int length = 0; length < file.Length; length++)
        {
            Assert.True(HostileListening.TryRead(file[..length], $"{name} cut to {length}") < 0, $"{name} cut to {length} of {file.Length} bytes was taken for whole.");
        }
    }

    [Theory]
    [InlineData("wav-16bit.wav")]
    [InlineData("sphere-16bit-le.sph")]
    public void Of_other_files_cut_anywhere_what_is_there_is_given(string name)
    {
        ReferenceSound reference = ReferenceSounds.Get(name);
        int data = reference.File.Length - (reference.Integers!.Length * 2);
        for (int length = 0; length < reference.File.Length; length += length < data + 10 ? 1 : 37)
        {
            long expected = (length - data) / (2 * reference.Channels) * reference.Channels;
            Assert.Equal(expected <= 0 ? -1 : expected, HostileListening.TryRead(reference.File[..length], $"{name} cut to {length}"));
        }
    }

    [Fact]
    public void Half_a_flac_file_is_called_truncated_after_the_samples_before()
    {
        ReferenceSound reference = ReferenceSounds.Get("flac-level5-mono.flac");
        using SoundReader reader = Listening.Open(reference.File[..(reference.File.Length * 2 / 3)]);
        float[] samples = new float[100];

        Assert.Equal(100, reader.Read(samples));
        Assert.Equal(reference.Floats.Take(100), samples);
        SoundException refused = Assert.Throws<SoundException>(() => Listening.Floats(reader));
        Assert.Contains("truncated", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_checksum_of_a_frame_is_refused()
    {
        byte[] file = [.. ReferenceSounds.Get("flac-level5-mono.flac").File];
        file[^20] ^= 1;
        SoundException refused = Assert.Throws<SoundException>(() => Listening.Floats(file));
        Assert.Contains("a frame does not have the checksum", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_checksum_of_all_samples_is_refused_where_all_are_read()
    {
        ReferenceSound reference = ReferenceSounds.Get("flac-level5-mono.flac");
        byte[] file = [.. reference.File];
        file[4 + 4 + 18] ^= 1;
        SoundException refused = Assert.Throws<SoundException>(() => Listening.Floats(file));
        Assert.Contains("MD5", refused.Message, StringComparison.Ordinal);

        using SoundReader reader = Listening.Open(file);
        float[] samples = new float[700];
        Assert.Equal(700, reader.Read(samples));
        Assert.Equal(reference.Floats.Take(700), samples);
    }

    [Fact]
    public void Damage_of_any_kind_gives_samples_or_one_kind_of_error()
    {
        List<byte[]> originals = [.. ReferenceSounds.OwnNames.Select(name => ReferenceSounds.Get(name).File)];
        int decoded = 0;
        const int Mutants = 6000;
        for (int i = 0; i < Mutants; i++)
        {
            decoded += HostileListening.TryRead(SoundMutations.Mutate(originals, (ulong)i), $"mutant {i}") < 0 ? 0 : 1;
        }

        // Neither is the damage so gross that nothing deep is reached, nor so slight that nothing is refused.
        Assert.InRange(decoded, Mutants / 20, Mutants * 9 / 10);
    }
}
