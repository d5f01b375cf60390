using Tacit.Methods;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods.Parts.Masks;

public sealed class BlockMaskTests
{
    [Theory]
    [InlineData(14, 14, 0.6, 118)]
    [InlineData(8, 8, 0.6, 39)]
    [InlineData(4, 4, 0.6, 10)]
    [InlineData(2, 2, 0.5, 2)]
    [InlineData(3, 9, 0.25, 7)]
    [InlineData(1, 12, 0.9, 11)]
    public void EveryItemMasksTheSameNumber(int rows, int columns, double ratio, int masked)
    {
        var random = new RandomSequence(1, 2, 3);
        Mask mask = BlockMask.Draw(50, rows, columns, ratio, ref random);
        Assert.Equal(masked, mask.MaskedCount);
        Assert.Equal((rows * columns) - masked, mask.KeptCount);
        Places.AreSplit(mask);
    }

    [Fact]
    public void TheSameKeyGivesTheSameMaskAndItemsDiffer()
    {
        Mask first = Draw(), again = Draw();
        Assert.Equal(first.Masked, again.Masked);
        Assert.NotEqual(first.Masked[..first.MaskedCount], first.Masked[first.MaskedCount..(2 * first.MaskedCount)]);
        static Mask Draw()
        {
            var random = new RandomSequence(9, 0, 4);
            return BlockMask.Draw(3, 8, 8, 0.6, ref random);
        }
    }

    /// <summary>
    /// Blocks hang together: of the masked places' neighbours to the right far more are masked than the share of 60 % that places
    /// drawn alone would have.
    /// </summary>
    [Fact]
    public void MaskedPlacesAreNeighbours()
    {
        var random = new RandomSequence(1, 0, 0);
        double blocks = Neighbours(BlockMask.Draw(200, 14, 14, 0.6, ref random), 14);
        double alone = Neighbours(RandomMask.Draw(200, 196, 0.6, ref random), 14);
        Assert.InRange(alone, 0.57, 0.63);
        Assert.InRange(blocks, 0.8, 0.99);
    }

    [Fact]
    public void ARatioThatLeavesNothingIsRefused()
    {
        Assert.Contains("leaves nothing", Assert.Throws<TacitException>(() => Draw(0.9)).Message, StringComparison.Ordinal);
        Assert.Contains("masks none", Assert.Throws<TacitException>(() => Draw(0)).Message, StringComparison.Ordinal);
        static void Draw(double ratio)
        {
            var random = new RandomSequence(1, 0, 0);
            BlockMask.Draw(2, 2, 2, ratio, ref random);
        }
    }

    /// <summary>Of the places right of a masked one: how many are masked.</summary>
    private static double Neighbours(Mask mask, int columns)
    {
        var masked = new HashSet<int>(mask.MaskedRows());
        int[] left = [.. masked.Where(row => row % columns < columns - 1)];
        return left.Count(row => masked.Contains(row + 1)) / (double)left.Length;
    }
}
