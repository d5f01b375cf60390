using Tacit.Methods;
using Tacit.Models;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods.Parts;

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

    [Fact]
    public void SmallWindowsAreShownLargerAndInWholePatches()
    {
        Assert.Equal(12, Windows.ShownSide(7, new BackboneOptions()));
        Assert.Equal(17, Windows.ShownSide(17, new BackboneOptions()));
        Assert.Equal(20, Windows.ShownSide(17, new BackboneOptions { Name = BackboneFactory.Vit, PatchSize = 4 }));
    }
}
