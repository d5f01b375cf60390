using Tacit.Methods;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods.Parts.Masks;

public sealed class MultiBlockMaskTests
{
    [Theory]
    [InlineData(14, 14)]
    [InlineData(8, 8)]
    [InlineData(4, 4)]
    [InlineData(4, 9)]
    [InlineData(2, 2)]
    public void TheContextHoldsNoTargetAndTargetsAreRectangles(int rows, int columns)
    {
        for (long step = 0; step < 30; step++)
        {
            MultiBlockMask mask = Draw(rows, columns, step);
            Assert.Equal(4, mask.Blocks);
            Assert.InRange(mask.ContextCount, 1, (rows * columns) - 1);
            Assert.Equal(0, mask.Context.Length % mask.Items);
            for (int item = 0; item < mask.Items; item++)
            {
                int[] context = Own(mask.Context, item, mask.ContextCount);
                Assert.Equal(context.Distinct().Order(), context);
                Assert.All(context, place => Assert.InRange(place, 0, (rows * columns) - 1));
                for (int block = 0; block < 4; block++)
                {
                    int[] target = Own(mask.Targets[(block * mask.Items * mask.TargetCount)..], item, mask.TargetCount);
                    Assert.Empty(context.Intersect(target));
                    int height = 1 + (target.Max() / columns) - (target.Min() / columns);
                    int width = 1 + target.Max(p => p % columns) - target.Min(p => p % columns);
                    Assert.Equal(height * width, target.Distinct().Count());
                    Assert.Equal(height * width, target.Length);
                }
            }

            static int[] Own(int[] places, int item, int each) => places[(item * each)..((item + 1) * each)];
        }
    }

    /// <summary>On 14 × 14 patches: targets of 29 to 39 places before rounding of the sides, contexts within what four targets leave.</summary>
    [Fact]
    public void AreasAreThoseOfThePaper()
    {
        for (long step = 0; step < 50; step++)
        {
            MultiBlockMask mask = Draw(14, 14, step);
            Assert.InRange(mask.TargetCount, 25, 45);
            Assert.InRange(mask.ContextCount, 12, 196 - mask.TargetCount);
        }
    }

    [Fact]
    public void TheSameKeyGivesTheSameBlocks()
    {
        MultiBlockMask first = Draw(8, 8, 3), again = Draw(8, 8, 3), other = Draw(8, 8, 4);
        Assert.Equal(first.Context, again.Context);
        Assert.Equal(first.Targets, again.Targets);
        Assert.NotEqual(first.Targets, other.Targets);
    }

    /// <summary>Blocks of half of the picture, sixteen of them: however they lie they leave next to nothing, and the draw still ends.</summary>
    [Fact]
    public void BlocksThatAlwaysCoverTheContextAreLaidOverEachOther()
    {
        var options = new MultiBlockOptions { Targets = 16, MinTarget = 0.5, MaxTarget = 0.5 };
        var random = new RandomSequence(0, 0, 0);
        MultiBlockMask mask = MultiBlockMask.Draw(3, 4, 4, options, ref random);
        Assert.InRange(mask.ContextCount, 1, 8);
    }

    [Theory]
    [InlineData(1, 8)]
    [InlineData(8, 1)]
    public void AGridWithoutRoomIsRefused(int rows, int columns) =>
        Assert.Contains("smaller patches", Assert.Throws<TacitException>(() => Draw(rows, columns, 0)).Message, StringComparison.Ordinal);

    [Fact]
    public void RangesTheWrongWayRoundAreRefused()
    {
        new MultiBlockOptions().Validate();
        Assert.Contains("min-target", Assert.Throws<TacitException>(() => new MultiBlockOptions { MinTarget = 0.3 }.Validate()).Message, StringComparison.Ordinal);
        Assert.Throws<TacitException>(() => new MultiBlockOptions { MinAspect = 2 }.Validate());
        Assert.Throws<TacitException>(() => new MultiBlockOptions { MaxContext = 0.5 }.Validate());
    }

    private static MultiBlockMask Draw(int rows, int columns, long step)
    {
        var random = new RandomSequence(1, 2, step);
        return MultiBlockMask.Draw(5, rows, columns, new MultiBlockOptions(), ref random);
    }
}
