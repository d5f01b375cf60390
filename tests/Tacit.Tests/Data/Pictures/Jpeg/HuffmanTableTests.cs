using Tacit.Data.Pictures;
using Tacit.Data.Pictures.Jpeg;
using Xunit;

namespace Tacit.Tests.Data.Pictures.Jpeg;

public sealed class HuffmanTableTests
{
    [Fact]
    public void Long_codes_are_found()
    {
        // Codes 0, 10, 110 … with one of each length to 16: the length-16 code is fifteen ones and a zero.
        byte[] specification = [.. Enumerable.Repeat((byte)1, 16), .. Enumerable.Range(1, 16).Select(i => (byte)i)];
        var table = new HuffmanTable(specification, isDc: false);

        Assert.Equal((16 << 8) | 16, table.LongCode(0b1111_1111_1111_1110));
        Assert.Equal((11 << 8) | 11, table.LongCode(0b1111_1111_1100_0000));
        Assert.Equal(-1, table.LongCode(0xFFFF));
    }

    [Fact]
    public void A_short_code_gives_its_coefficient_at_once()
    {
        // Code 0 is symbol 0x23: a run of 2, then a value of 3 bits; 011 stands for −4.
        byte[] specification = [1, .. new byte[15], 0x23];
        var table = new HuffmanTable(specification, isDc: false);

        int entry = table.Lookup[0b0_011_000000];

        Assert.Equal(4, entry & HuffmanTable.LengthMask);
        Assert.NotEqual(0, entry & HuffmanTable.CompleteFlag);
        Assert.Equal(0x23, (entry >> 8) & 255);
        Assert.Equal(-4, entry >> 16);
    }

    [Fact]
    public void More_codes_than_fit_are_refused()
    {
        byte[] specification = [3, .. new byte[15], 1, 2, 3];
        Assert.Throws<PictureException>(() => new HuffmanTable(specification, isDc: false));
    }

    [Theory]
    [InlineData(1, 0, -1)]
    [InlineData(1, 1, 1)]
    [InlineData(3, 0, -7)]
    [InlineData(3, 3, -4)]
    [InlineData(3, 4, 4)]
    [InlineData(15, 0x7FFF, 32767)]
    public void Extra_bits_are_signed_as_the_standard_says(int size, int bits, int expected) =>
        Assert.Equal(expected, HuffmanTable.Extend(bits, size));
}
