using System.Text;
using Tacit.Data.Sounds.Flac;

namespace Tacit.Tests.Data.Sounds;

public sealed class Md5Tests
{
    /// <remarks>RFC 1321, appendix A.5.</remarks>
    [Theory]
    [InlineData("", "d41d8cd98f00b204e9800998ecf8427e")]
    [InlineData("a", "0cc175b9c0f1b6a831c399e269772661")]
    [InlineData("abc", "900150983cd24fb0d6963f7d28e17f72")]
    [InlineData("message digest", "f96b697d7cb7938d525a2f31aaf161d0")]
    [InlineData("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", "d174ab98d277d9f5a5611c2c9f419d9f")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345678901234567890", "57edf4a22be3c955ac49da2e2107b67a")]
    public void Sums_are_those_of_the_standard_whatever_the_pieces(string text, string expected)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(text);
        for (int piece = 1; piece <= Math.Max(1, bytes.Length); piece++)
        {
            var md5 = new Md5();
            for (int i = 0; i < bytes.Length; i += piece)
            {
                md5.Append(bytes.AsSpan(i, Math.Min(piece, bytes.Length - i)));
            }

            Assert.Equal(expected, Convert.ToHexStringLower(md5.Finish()));
        }
    }
}
