using Tacit.Data.Pictures.Png;
using Xunit;

namespace Tacit.Tests.Data.Pictures.Png;

public sealed class Crc32Tests
{
    // The check value that catalogues of CRCs give for "123456789", and zlib's for the others.
    [Theory]
    [InlineData("", 0x00000000u)]
    [InlineData("123456789", 0xCBF43926u)]
    [InlineData("IEND", 0xAE426082u)]
    [InlineData("The quick brown fox jumps over the lazy dog", 0x414FA339u)]
    public void Has_the_published_values(string text, uint expected) =>
        Assert.Equal(expected, Crc32.Of(System.Text.Encoding.ASCII.GetBytes(text)));
}
