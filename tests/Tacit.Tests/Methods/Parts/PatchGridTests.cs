using Tacit.Methods;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods.Parts;

public sealed class PatchGridTests
{
    [Theory]
    [InlineData(18, 4, 2, 1)]
    [InlineData(32, 7, 4, 1)]
    [InlineData(64, 15, 8, 1)]
    [InlineData(398, 96, 48, 7)]     // the paper's patch: 3 · 96 + 2 · 48 + 2 · 7
    public void APatchGridIsTheLargestThatFits(int side, int patch, int gap, int jitter)
    {
        Assert.Equal(new PatchGrid(patch, gap, jitter), PatchGrid.Within(side));
        Assert.InRange(PatchGrid.Within(side).Extent, 1, side);
    }

    /// <summary>All eight directions, in pictures with and without room to spare: patches lie inside, in the right direction, with a gap.</summary>
    [Theory]
    [InlineData(18)]
    [InlineData(32)]
    [InlineData(45)]
    public void PairsAreNeighboursWithAGapBetween(int side)
    {
        var grid = PatchGrid.Within(side);
        var random = new RandomSequence(1, 2, 3);
        for (int draw = 0; draw < 400; draw++)
        {
            int neighbour = draw % 8;
            (PictureWindow middle, PictureWindow other) = grid.Pair(5, side, neighbour, ref random);
            (int down, int right) = new[] { (-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1) }[neighbour];
            int step = grid.Patch + grid.Gap, slack = 2 * grid.Jitter;
            Assert.InRange(other.Top - middle.Top, (down * step) - slack, (down * step) + slack);
            Assert.InRange(other.Left - middle.Left, (right * step) - slack, (right * step) + slack);
            Assert.All((PictureWindow[])[middle, other], w =>
            {
                Assert.Equal((5, grid.Patch), (w.Picture, w.Side));
                Assert.InRange(w.Top, 0, side - w.Side);
                Assert.InRange(w.Left, 0, side - w.Side);
            });
        }
    }

    [Fact]
    public void PicturesTooSmallForAGridAreRefused()
    {
        Assert.Equal(18, PatchGrid.SmallestSide);
        Assert.Contains("give at least 18", Assert.Throws<TacitException>(() => PatchGrid.Within(17)).Message, StringComparison.Ordinal);
    }
}
