using Tacit.Data.Augment;
using Tacit.Data.Pictures;
using Xunit;

namespace Tacit.Tests.Data.Augment;

public sealed class GaussianBlurTests
{
    [Theory]
    [InlineData(3, "0.1")]
    [InlineData(3, "2.0")]
    [InlineData(5, "0.9")]
    [InlineData(11, "1.7")]
    public void Blurs_as_torchvision_does(int kernel, string sigma)
    {
        float[] actual = Levels.After(Levels.Picture("picture"), (in Canvas canvas) => GaussianBlur.Run(canvas, kernel, float.Parse(sigma)));

        Oracle.AssertWithin(Levels.Oracle.Tensors[$"blur.{kernel}.{sigma}.float"].Span, actual, 2e-3);
    }

    [Theory]
    [InlineData(32, 3)]
    [InlineData(96, 9)]
    [InlineData(224, 23)]
    public void The_default_window_is_SimCLRs_tenth_of_the_side(int side, int expected) =>
        Assert.Equal(expected, GaussianBlur.DefaultKernel(side));

    [Fact]
    public void A_window_wider_than_the_picture_is_cut_to_what_can_be_reflected()
    {
        var picture = new Picture(4, 4, 3, [.. Enumerable.Repeat((byte)100, 48)]);

        float[] actual = Levels.After(picture, (in Canvas canvas) => GaussianBlur.Run(canvas, 23, 3));

        Oracle.AssertWithin([.. Enumerable.Repeat(100f, 48)], actual, 1e-3);
    }
}
