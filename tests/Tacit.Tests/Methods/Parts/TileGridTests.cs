using Tacit.Methods;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods.Parts;

public sealed class TileGridTests
{
    [Fact]
    public void TilesComeInTheOrderOfThePermutationAndItsInversePutsThemBack()
    {
        const int Side = 33;
        var grid = TileGrid.Within(Side);
        Assert.Equal(new TileGrid(11, 9), grid);
        int[] permutation = [4, 0, 8, 1, 7, 2, 6, 3, 5], inverse = new int[9];
        for (int place = 0; place < 9; place++)
        {
            inverse[permutation[place]] = place;
        }

        var random = new RandomSequence(1, 2, 3);
        var windows = new PictureWindow[9];
        for (int draw = 0; draw < 50; draw++)
        {
            grid.Arrange(2, Side, permutation, ref random, windows);
            for (int tile = 0; tile < 9; tile++)
            {
                // The place that shows a tile shows it from the tile's own cell.
                PictureWindow w = windows[inverse[tile]];
                Assert.Equal((2, 9), (w.Picture, w.Side));
                Assert.InRange(w.Top, tile / 3 * 11, (tile / 3 * 11) + 2);
                Assert.InRange(w.Left, tile % 3 * 11, (tile % 3 * 11) + 2);
            }
        }
    }

    [Fact]
    public void PicturesTooSmallForAGridAreRefused()
    {
        Assert.Equal(4, TileGrid.Within(TileGrid.SmallestSide).Tile);
        Assert.Contains("give at least 15", Assert.Throws<TacitException>(() => TileGrid.Within(14)).Message, StringComparison.Ordinal);
    }
}
