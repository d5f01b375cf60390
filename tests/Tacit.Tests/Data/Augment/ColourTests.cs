using Tacit.Data.Augment;
using Tacit.Data.Pictures;
using Xunit;

namespace Tacit.Tests.Data.Augment;

/// <summary>
/// Against torchvision on floats (whose grey weights sum to 0.9999, hence the tolerance of 0.05 levels) and PIL on bytes
/// (one level, plus what the rounded mean of a contrast gives).
/// </summary>
public sealed class ColourTests
{
    private static readonly Picture Picture = Levels.Picture("picture");

    [Theory]
    [InlineData("brightness", "0.0")]
    [InlineData("brightness", "0.6")]
    [InlineData("brightness", "1.4")]
    [InlineData("contrast", "0.0")]
    [InlineData("contrast", "0.6")]
    [InlineData("contrast", "1.4")]
    [InlineData("saturation", "0.0")]
    [InlineData("saturation", "0.6")]
    [InlineData("saturation", "1.4")]
    public void Factors_blend_as_in_torchvision(string operation, string factor)
    {
        float f = float.Parse(factor);

        float[] actual = Levels.After(Picture, (in Canvas canvas) =>
        {
            switch (operation)
            {
                case "brightness": Colour.Brightness(canvas, f); break;
                case "contrast": Colour.Contrast(canvas, f); break;
                default: Colour.Saturation(canvas, f); break;
            }
        });

        Oracle.AssertWithin(Levels.Oracle.Tensors[$"{operation}.{factor}.float"].Span, actual, 0.05);
        Oracle.AssertWithin(Levels.Oracle.Tensors[$"{operation}.{factor}.pil"].Span, actual, 1.3);
    }

    [Theory]
    [InlineData("-0.5")]
    [InlineData("-0.1")]
    [InlineData("0.05")]
    [InlineData("0.3")]
    [InlineData("0.5")]
    public void Hue_turns_as_in_torchvision(string shift)
    {
        float[] actual = Levels.After(Picture, (in Canvas canvas) => Colour.Hue(canvas, float.Parse(shift)));

        Oracle.AssertWithin(Levels.Oracle.Tensors[$"hue.{shift}.float"].Span, actual, 1e-2);
    }

    [Fact]
    public void A_third_of_a_turn_moves_red_to_green_to_blue()
    {
        var colours = new Picture(3, 1, 3, [200, 20, 20, 20, 200, 20, 20, 20, 200]);

        float[] actual = Levels.After(colours, (in Canvas canvas) => Colour.Hue(canvas, 1f / 3));

        Oracle.AssertWithin([20, 200, 20, 20, 20, 200, 200, 20, 20], actual, 1e-3);
    }

    [Fact]
    public void Grey_is_PILs()
    {
        float[] actual = Levels.After(Picture, Colour.Grey);

        Oracle.AssertWithin(Levels.Oracle.Tensors["grey.pil"].Span, actual, 0.51);
    }

    [Theory]
    [InlineData(128)]
    [InlineData(40)]
    public void Solarize_is_PILs(int threshold)
    {
        float[] actual = Levels.After(Picture, (in Canvas canvas) => Colour.Solarize(canvas, threshold));

        Oracle.AssertWithin(Levels.Oracle.Tensors[$"solarize.{threshold}.pil"].Span, actual, 1e-3);
    }

    [Fact]
    public void Equalize_is_PILs()
    {
        Oracle.AssertWithin(Levels.Oracle.Tensors["equalize.pil"].Span, Levels.After(Picture, Colour.Equalize), 1e-3);
        Oracle.AssertWithin(Levels.Oracle.Tensors["large.equalize.pil"].Span, Levels.After(Levels.Picture("large"), Colour.Equalize), 1e-3);
    }

    [Fact]
    public void Equalize_leaves_a_picture_of_one_colour_alone()
    {
        byte[] pixels = [.. Enumerable.Repeat((byte)90, 32 * 32 * 3)];

        float[] actual = Levels.After(new Picture(32, 32, 3, pixels), Colour.Equalize);

        Oracle.AssertWithin([.. pixels.Select(b => (float)b)], actual, 1e-3);
    }

    [Fact]
    public void Contrast_counts_every_pixel_of_an_odd_size_once()
    {
        // 7 × 5 is no multiple of any register: one white pixel in black has the mean 255 / 35.
        byte[] pixels = new byte[7 * 5 * 3];
        pixels.AsSpan(3 * 34).Fill(255);

        float[] actual = Levels.After(new Picture(7, 5, 3, pixels), (in Canvas canvas) => Colour.Contrast(canvas, 0));

        Oracle.AssertWithin([.. Enumerable.Repeat(255f / 35, 105)], actual, 1e-4);
    }
}
