namespace Tacit.Tests.Data.Sounds;

/// <summary>Some of the real recordings; tests/long has all of them.</summary>
public sealed class SharedSoundTests
{
    [Theory]
    [InlineData("librispeech-test")]
    [InlineData("speech-commands-test")]
    [InlineData("fsdd-test")]
    public void Samples_of_whole_archives_equal_those_of_other_decoders(string name) => Assert.True(SharedSounds.Compare(name).Files > 20);
}
