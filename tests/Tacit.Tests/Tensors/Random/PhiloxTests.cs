using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Tensors;

public sealed class PhiloxTests
{
    /// <summary>The known answers that the authors distribute with Random123 (philox4x32, 10 rounds).</summary>
    [Theory]
    [InlineData(0u, 0u, 0u, 0u, 0u, 0u, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [InlineData(~0u, ~0u, ~0u, ~0u, ~0u, ~0u, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    [InlineData(0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u, 0xa4093822u, 0x299f31d0u, 0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u)]
    public void Known_answers(uint c0, uint c1, uint c2, uint c3, uint k0, uint k1, uint x0, uint x1, uint x2, uint x3) =>
        Assert.Equal((x0, x1, x2, x3), Philox.Block(c0, c1, c2, c3, k0, k1));

    [Fact]
    public void Uniform_numbers_are_uniform()
    {
        var x = new float[200_000];
        Philox.FillUniform(x, 1, 2, 3);
        Assert.All(x, v => Assert.InRange(v, 0, 1 - 1e-8f));
        Assert.InRange(x.Average(v => (double)v), 0.5 - 0.003, 0.5 + 0.003);                  // 5 σ = 0.0032
        Assert.InRange(x.Average(v => (v - 0.5) * (v - 0.5)), (1 / 12.0) - 0.001, (1 / 12.0) + 0.001);
        for (int bin = 0; bin < 10; bin++)
        {
            Assert.InRange(x.Count(v => (int)(v * 10) == bin), 20_000 - 700, 20_000 + 700);   // 5 σ = 671
        }

        double lag = 0;
        for (int i = 1; i < x.Length; i++)
        {
            lag += (x[i] - 0.5) * (x[i - 1] - 0.5);
        }

        Assert.InRange(lag / x.Length * 12, -0.012, 0.012);                                   // 5 σ of a correlation
    }

    [Fact]
    public void Normal_numbers_are_normal()
    {
        var x = new float[200_000];
        Philox.FillNormal(x, 1, 2, 3);
        Assert.InRange(x.Average(v => (double)v), -0.012, 0.012);
        Assert.InRange(x.Average(v => (double)v * v), 1 - 0.016, 1 + 0.016);
        Assert.InRange(x.Average(v => Math.Pow(v, 3)), -0.05, 0.05);
        Assert.InRange(x.Average(v => Math.Pow(v, 4)), 3 - 0.12, 3 + 0.12);
        Assert.InRange(x.Count(v => Math.Abs(v) < 1), 136_538 - 1050, 136_538 + 1050);        // 68.269 %
    }

    [Fact]
    public void Any_part_of_a_stream_can_be_drawn_alone()
    {
        var whole = new float[100];
        var part = new float[37];
        Philox.FillUniform(whole, 1, 2, 3);
        Philox.FillUniform(part, 1, 2, 3, start: 21);
        Assert.Equal(whole[21..58], part);
        Philox.FillNormal(whole, 1, 2, 3);
        Philox.FillNormal(part, 1, 2, 3, start: 21);
        Assert.Equal(whole[21..58], part);
    }

    [Fact]
    public void Seed_stream_and_step_each_matter()
    {
        (uint, uint, uint, uint)[] all =
        [
            Philox.Words(1, 2, 3, 4), Philox.Words(2, 2, 3, 4), Philox.Words(1, 3, 3, 4), Philox.Words(1, 2, 4, 4), Philox.Words(1, 2, 3, 5),
            Philox.Words(1, 2, 3 + (1L << 32), 4), Philox.Words(1, 2, 3, 4 + (1L << 32)),
        ];
        Assert.Equal(all.Length, all.Distinct().Count());
        Assert.NotEqual(Philox.Hash("a", "b"), Philox.Hash("ab"));
        Assert.NotEqual(Philox.Hash("a", "b", 0), Philox.Hash("a", "b", 1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(1000)]
    public void A_permutation_holds_every_number_once(int n) =>
        Assert.Equal(Enumerable.Range(0, n), Philox.Permutation(n, 1, 2, 3).Order());

    [Fact]
    public void Every_permutation_is_as_likely()
    {
        int[] counts = new int[6];
        for (int step = 0; step < 6000; step++)
        {
            int[] p = Philox.Permutation(3, 1, 2, step);
            counts[(p[0] * 2) + (p[1] > p[2] ? 1 : 0)]++;
        }

        Assert.All(counts, c => Assert.InRange(c, 1000 - 145, 1000 + 145));                   // 5 σ
    }

    [Fact]
    public void A_sequence_stays_in_its_bounds()
    {
        var random = new RandomSequence(1, 2, 3);
        int[] counts = new int[7];
        for (int i = 0; i < 7000; i++)
        {
            counts[random.NextInt(7)]++;
            Assert.InRange(random.NextUniform(-2, 5), -2, 5);
            Assert.InRange(random.NextNormal(), -7, 7);
        }

        Assert.All(counts, c => Assert.InRange(c, 1000 - 147, 1000 + 147));
    }
}
