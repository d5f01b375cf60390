using Tacit.Methods;
using Tacit.Models;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods;

public sealed class WindowsTests
{
    [Fact]
    public void AWindowOfTheAskedSideIsThePixelsThemselves()
    {
        var pictures = Tensor.From([.. Enumerable.Range(0, 2 * 4 * 4).Select(i => (float)i)], new Shape(2, 4, 4, 1));

        Tensor cut = Windows.Cut(pictures, [new PictureWindow(1, 1, 2, 2), new PictureWindow(0, 0, 0, 2)], 2);

        Assert.Equal([22, 23, 26, 27, 0, 1, 4, 5], cut.ToArray());
    }

    /// <summary>Resized as PyTorch resizes the window cut out alone: nothing from beyond its border has a part in it.</summary>
    [Fact]
    public void AnEnlargedWindowIsThatOfPyTorch()
    {
        var pictures = Tensor.From(Hashed.Singles(7 * 7 * 2, 21), new Shape(1, 7, 7, 2));

        Tensor cut = Windows.Cut(pictures, [new PictureWindow(0, 1, 2, 5)], 12);

        Oracle.AssertWithin(Oracle.Read("predictive.safetensors").Tensors["windows"].Span, cut.Span, 1e-6);
    }

    [Theory]
    [InlineData(0, 3, 0, 2)]
    [InlineData(0, 0, -1, 2)]
    [InlineData(1, 0, 0, 2)]
    [InlineData(0, 0, 0, 5)]
    public void AWindowOutsideItsPictureIsRefused(int picture, int top, int left, int side) =>
        Assert.Throws<ShapeException>(() => Windows.Cut(Tensor.Zeros(new Shape(1, 4, 4, 3)), [new PictureWindow(picture, top, left, side)], 4));

    [Fact]
    public void StandardizedTilesHaveMeanZeroAndDeviationOneAndFlatOnesAreZero()
    {
        var tiles = Tensor.From(Hashed.Singles(2 * 6 * 6 * 3, 30, 5), new Shape(2, 6, 6, 3));
        tiles.Rows(1, 1).Span.Fill(7);

        Windows.Standardize(tiles);

        Assert.All(tiles.Rows(1, 1).ToArray(), v => Assert.Equal(0, v));
        for (int c = 0; c < 3; c++)
        {
            double[] channel = [.. Enumerable.Range(0, 36).Select(i => (double)tiles.Span[(3 * i) + c])];
            Assert.Equal(0, channel.Average(), 1e-6);
            Assert.Equal(1, channel.Average(v => v * v), 1e-5);
        }
    }

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
        Assert.Equal(18, PatchGrid.SmallestSide);
        Assert.Contains("give at least 18", Assert.Throws<TacitException>(() => PatchGrid.Within(17)).Message, StringComparison.Ordinal);
        Assert.Equal(4, TileGrid.Within(TileGrid.SmallestSide).Tile);
        Assert.Contains("give at least 15", Assert.Throws<TacitException>(() => TileGrid.Within(14)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SmallWindowsAreShownLargerAndInWholePatches()
    {
        Assert.Equal(12, Windows.ShownSide(7, new BackboneOptions()));
        Assert.Equal(17, Windows.ShownSide(17, new BackboneOptions()));
        Assert.Equal(20, Windows.ShownSide(17, new BackboneOptions { Name = BackboneFactory.Vit, PatchSize = 4 }));
    }

    [Fact]
    public void DroppingLeavesOneChannelAndProjectingTakesGreenAgainstMagentaOut()
    {
        float[] values = Hashed.Singles(40 * 8 * 8 * 3, 31);
        Tensor dropped = Tensor.From(values, new Shape(40, 8, 8, 3)), projected = Tensor.From(values, new Shape(40, 8, 8, 3)), plain = Tensor.From(values, new Shape(40, 8, 8, 3));

        ColourGuards.Apply(dropped, ColourGuard.Drop, 1, 2, 3);
        ColourGuards.Apply(projected, ColourGuard.Project, 1, 2, 3);
        ColourGuards.Apply(plain, ColourGuard.None, 1, 2, 3);

        Assert.Equal(values, plain.ToArray());
        var kept = new HashSet<int>();
        for (int patch = 0; patch < 40; patch++)
        {
            int[] same = [.. Enumerable.Range(0, 3).Where(c => Enumerable.Range(0, 64).All(i => dropped.Span[At(i, c)] == values[At(i, c)]))];
            kept.Add(Assert.Single(same));
            Assert.All(Enumerable.Range(0, 64 * 3).Where(i => i % 3 != same[0]), i => Assert.InRange(dropped.Span[(patch * 192) + i], -0.05f, 0.05f));

            int At(int pixel, int channel) => (patch * 192) + (3 * pixel) + channel;
        }

        Assert.Equal(3, kept.Count);
        for (int i = 0; i < values.Length; i += 3)
        {
            Span<float> pixel = projected.Span.Slice(i, 3);
            Assert.Equal(0, (2 * pixel[1]) - pixel[0] - pixel[2], 1e-6);
            Assert.Equal(values[i] + values[i + 1] + values[i + 2], pixel[0] + pixel[1] + pixel[2], 1e-5);      // grey stays
            Assert.Equal(values[i] - values[i + 2], pixel[0] - pixel[2], 1e-5);                                 // so does red against blue
        }
    }
}
