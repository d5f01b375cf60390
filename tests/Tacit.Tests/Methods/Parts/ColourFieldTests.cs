using Tacit.Data.Augment;
using Tacit.Methods;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods.Parts;

public sealed class ColourFieldTests
{
    [Fact]
    public void SoftEncodingsAreThoseOfTheDefinition()
    {
        var colours = Tensor.From([.. Hashed.Singles(60 * 2, 23, 90)], new Shape(60, 2));

        Tensor targets = ColourField.Targets(colours);

        Oracle.AssertWithin(Oracle.Read("predictive.safetensors").Tensors["encoded"].Span, targets.Rows(0, 10).Span, 1e-5);
        for (int row = 0; row < 60; row++)
        {
            Assert.Equal(1, targets.Rows(row, 1).ToArray().Sum(), 1e-5);
        }
    }

    [Fact]
    public void PicturesComeApartAndTogetherAgain()
    {
        // Each quarter of one colour, so that a cell's mean is its pixels' colour.
        (float R, float G, float B)[] colours = [(0.9f, 0.1f, 0.2f), (0.1f, 0.7f, 0.3f), (0.2f, 0.3f, 0.8f), (0.6f, 0.6f, 0.6f)];
        var pictures = Tensor.Zeros(new Shape(1, 6, 6, 3));
        for (int i = 0; i < 36; i++)
        {
            (float r, float g, float b) = colours[(i / 18 * 2) + (i % 6 / 3)];
            (pictures.Span[3 * i], pictures.Span[(3 * i) + 1], pictures.Span[(3 * i) + 2]) = ((r - 0.5f) * 2, (g - 0.4f) * 4, (b - 0.3f) * 5);
        }

        var normalization = new Normalization([0.5f, 0.4f, 0.3f], [0.5f, 0.25f, 0.2f]);
        Tensor found = ColourField.Colours(pictures, normalization, 3);
        Tensor light = ColourField.Lightness(pictures, normalization);
        Tensor painted = ColourField.Paint(pictures, normalization, ColourField.Colours(pictures, normalization, 1));

        Assert.Equal(new Shape(1, 2, 2, 2), found.Shape);
        for (int q = 0; q < 4; q++)
        {
            (float l, float a, float b) = LabColour.FromRgb(colours[q].R, colours[q].G, colours[q].B);
            Oracle.AssertWithin([a, b], found.Span.Slice(2 * q, 2), 1e-3);
            int pixel = (q / 2 * 18) + (q % 2 * 3);
            Oracle.AssertWithin([(l - 50) / 25, (l - 50) / 25, (l - 50) / 25], light.Span.Slice(3 * pixel, 3), 1e-4);
            Oracle.AssertWithin([colours[q].R, colours[q].G, colours[q].B], painted.Span.Slice(3 * pixel, 3), 1e-4);
        }

        Assert.Equal(new Shape(1, 2, 2, 2), ColourField.Colours(pictures, normalization, 4).Shape);
    }
}
