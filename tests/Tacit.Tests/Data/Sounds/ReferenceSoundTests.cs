using Tacit.Data.Sounds;

namespace Tacit.Tests.Data.Sounds;

public sealed class ReferenceSoundTests
{
    public static TheoryData<string> Own => [.. ReferenceSounds.OwnNames];

    [Fact]
    public void There_are_references_of_every_kind()
    {
        Assert.True(ReferenceSounds.OwnNames.Count(name => name.StartsWith("flac-", StringComparison.Ordinal)) >= 70);
        Assert.True(ReferenceSounds.OwnNames.Count(name => name.StartsWith("wav-", StringComparison.Ordinal)) >= 10);
        Assert.True(ReferenceSounds.OwnNames.Count(name => name.StartsWith("sphere-", StringComparison.Ordinal)) >= 4);
    }

    [Theory]
    [MemberData(nameof(Own))]
    public void Samples_equal_those_of_another_decoder(string name)
    {
        ReferenceSound reference = ReferenceSounds.Get(name);

        using SoundReader reader = Listening.Open(reference.File);
        Assert.Equal((reference.Rate, reference.Channels, reference.Bits), (reader.Info.Rate, reader.Info.Channels, reader.Info.Bits));
        Assert.Empty(reader.Warnings);
        Assert.Equal(reference.Floats, Listening.Floats(reader));
        Assert.Equal(reference.Frames, reader.Position);

        if (reference.Integers is { } integers)
        {
            reader.Seek(0);
            Assert.Equal(integers, Listening.Integers(reader));
        }
    }

    [Theory]
    [MemberData(nameof(Own))]
    public void Headers_alone_tell_what_is_there(string name)
    {
        ReferenceSound reference = ReferenceSounds.Get(name);

        SoundInfo info = SoundDecoder.Identify(new MemoryStream(reference.File), reference.File.Length);

        string format = name.Split('-')[0].ToUpperInvariant();
        Assert.Equal(new SoundInfo(format, reference.Rate, reference.Channels, reference.Bits, name.Contains("unknown", StringComparison.Ordinal) ? -1 : reference.Frames), info);
        Assert.True(SoundDecoder.IsSound(reference.File.AsSpan(0, SoundDecoder.HeadBytes)));
    }

    [Theory]
    [MemberData(nameof(Own))]
    public void Pieces_of_any_size_are_the_same_samples(string name)
    {
        ReferenceSound reference = ReferenceSounds.Get(name);

        Assert.Equal(reference.Floats, Listening.Floats(reference.File, (17 * reference.Channels) + (reference.Channels > 1 ? 1 : 0)));
    }

    [Theory]
    [MemberData(nameof(Own))]
    public void Every_frame_can_be_sought(string name)
    {
        ReferenceSound reference = ReferenceSounds.Get(name);
        float[] expected = reference.Floats;
        using SoundReader reader = Listening.Open(reference.File);
        float[] one = new float[2 * reference.Channels];
        for (int i = 0; i < 60; i++)
        {
            int frame = i switch { 0 => reference.Frames - 1, 1 => 0, 2 => reference.Frames, _ => (int)((i * 7919L) % reference.Frames) };
            reader.Seek(frame);
            Assert.Equal(frame, reader.Position);
            int got = reader.Read(one);
            Assert.Equal(expected.Skip(frame * reference.Channels).Take(one.Length), one.Take(got));
        }
    }

    [Theory]
    [MemberData(nameof(Own))]
    public void A_stream_that_cannot_seek_is_read_to_its_end(string name)
    {
        ReferenceSound reference = ReferenceSounds.Get(name);
        using SoundReader reader = SoundDecoder.Open(new ForwardStream(reference.File), -1);

        Assert.Equal(reference.Floats, Listening.Floats(reader));
        Assert.Throws<InvalidOperationException>(() => Rewind(reader, reference));
    }

    private static void Rewind(SoundReader reader, ReferenceSound reference)
    {
        // A block at hand can be gone back in: a sound of one block is not refused.
        reader.Seek(0);
        Assert.Equal(reference.Floats, Listening.Floats(reader));
        throw new InvalidOperationException("It was short enough to be at hand.");
    }
}
