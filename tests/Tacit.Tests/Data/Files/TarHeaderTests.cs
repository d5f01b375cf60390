using Tacit.Data.Files;

namespace Tacit.Tests.Data.Files;

/// <summary>Files that are no tar archives, whatever stands where a checksum would.</summary>
public sealed class TarHeaderTests
{
    /// <summary>Silence of 8-bit sound is 128 throughout: at the place of the checksum it looks like a number in base 256.</summary>
    [Theory]
    [InlineData(0x80)]
    [InlineData(0xff)]
    [InlineData('x')]
    public void What_is_no_number_is_no_checksum(byte value)
    {
        using var folder = new TemporaryFolder();
        byte[] file = [.. Enumerable.Repeat(value, 1024)];
        File.WriteAllBytes(folder["sound.wav"], file);

        Assert.False(TarFiles.IsTar(folder["sound.wav"]));
    }
}
