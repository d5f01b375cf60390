using Tacit.Tests.Data.Sounds;
using Xunit;

namespace Tacit.Long.Sounds;

/// <summary>Every recording of shared/data against what `flac -d` and sox read.</summary>
public sealed class SoundOracleTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("librispeech-train")]
    [InlineData("librispeech-test")]
    [InlineData("speech-commands-train")]
    [InlineData("speech-commands-test")]
    [InlineData("fsdd-train")]
    [InlineData("fsdd-test")]
    [InlineData("emodb-4class")]
    public void Samples_equal_those_of_other_decoders(string name)
    {
        (int files, int stated, long samples) = SharedSounds.Compare(name);

        output.WriteLine($"{name}: {files} files, {samples} samples equal, {stated} files held to the MD5 in their header");
    }
}
