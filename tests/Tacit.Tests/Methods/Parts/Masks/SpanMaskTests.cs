using Tacit.Methods;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods.Parts.Masks;

public sealed class SpanMaskTests
{
    /// <summary>The realised shares of independent rows, whose counts are not made equal.</summary>
    [Theory]
    [InlineData(0.65, 49, 0.510)]
    [InlineData(0.65, 500, 0.491)]
    [InlineData(0.65, 781, 0.491)]
    [InlineData(0.80, 49, 0.583)]
    [InlineData(0.80, 500, 0.567)]
    [InlineData(0.80, 781, 0.566)]
    public void RealisedSharesAreAsTabulated(double share, int states, double expected)
    {
        RandomSequence random = new(1, 2, 3);
        bool[] hidden = new SpanMask { Share = share }.Draw([.. Enumerable.Repeat(states, 2000)], states, ref random);
        Assert.Equal(expected, hidden.Count(h => h) / (double)hidden.Length, 0.01);
    }

    [Fact]
    public void PaddingIsNeverHiddenAndSomethingStaysToSee()
    {
        for (int trial = 0; trial < 300; trial++)
        {
            RandomSequence random = new(1, 2, trial), draws = new(3, 4, trial);
            int[] lengths = new int[5];
            for (int n = 0; n < lengths.Length; n++)
            {
                lengths[n] = draws.NextInt(61);
            }

            bool[] hidden = new SpanMask { Share = draws.NextUniform(0.01f, 1), Length = 1 + draws.NextInt(20) }.Draw(lengths, 60, ref random);
            for (int n = 0; n < lengths.Length; n++)
            {
                bool[] row = hidden[(n * 60)..((n + 1) * 60)];
                int own = row[..lengths[n]].Count(h => h);
                Assert.Equal(own, row.Count(h => h));
                Assert.True(lengths[n] < 2 ? own == 0 : own > 0 && own < lengths[n], $"{own} of {lengths[n]} are hidden");
            }
        }
    }

    /// <summary>A row is its own: it does not change with what stands beside it.</summary>
    [Fact]
    public void ARowDependsOnItsOwnLength()
    {
        RandomSequence first = new(1, 2, 3), second = new(1, 2, 3);
        bool[] beside = new SpanMask().Draw([70, 9], 70, ref first), alone = new SpanMask().Draw([70], 70, ref second);
        Assert.Equal(alone, beside[..70]);
    }

    [Fact]
    public void SpansHaveTheirLength()
    {
        RandomSequence random = new(5, 2, 3);
        bool[] hidden = new SpanMask { Share = 0.1, Least = 1 }.Draw([.. Enumerable.Repeat(100, 200)], 100, ref random);
        Assert.All(hidden.Chunk(100), row => Assert.Equal(10, row.Count(h => h)));

        // N(10, 10), rounded and cut at 0, has mean 10.8; a hundredth of it meets an end of the row.
        bool[] varied = new SpanMask { Share = 0.01, Least = 1, Deviation = 10 }.Draw([.. Enumerable.Repeat(1000, 500)], 1000, ref random);
        Assert.InRange(varied.Count(h => h) / 500.0, 10, 11.6);
    }
}
