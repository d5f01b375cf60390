using System.Globalization;
using Tacit.Tensors.Simd;
using Xunit;

namespace Tacit.Tests.Tensors;

public sealed class WidthTests
{
    /// <summary>In a child of the instruction-set matrix this proves that the switch took effect.</summary>
    [Fact]
    public void The_width_is_the_expected_one()
    {
        string? expected = Environment.GetEnvironmentVariable("TACIT_EXPECT_WIDTH");
        int bits = expected is null ? InstructionSets.Expected.Widest : int.Parse(expected, CultureInfo.InvariantCulture);
        Assert.Equal(bits, Width.Bits);
        Assert.NotEmpty(Width.Name);
    }
}
