using Tacit.Data.Augment;
using Tacit.Data.Pictures;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Data.Augment;

public sealed class ViewWriterTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Turns_and_flips_are_numpys(int turns)
    {
        Picture square = Levels.Picture("turn.0");

        Oracle.AssertWithin(Levels.Oracle.Tensors[$"turn.{turns}"].Span, Levels.After(square, Nothing, flip: false, turns), 1e-3);
        Oracle.AssertWithin(Levels.Oracle.Tensors[$"flipturn.{turns}"].Span, Levels.After(square, Nothing, flip: true, turns), 1e-3);
    }

    [Fact]
    public unsafe void Levels_are_normalised_as_by_torchvision()
    {
        Picture picture = Levels.Picture("picture");
        using Scratch scratch = Scratch.Rent(Canvas.Floats(picture.Width, picture.Height));
        var canvas = new Canvas(scratch.Data, picture.Width, picture.Height);
        Resize.Run(picture, new CropBox(0, 0, picture.Width, picture.Height), Interpolation.Bilinear, canvas);
        float[] actual = new float[picture.Pixels.Length];
        fixed (float* p = actual)
        {
            ViewWriter.Write(canvas, flip: false, turns: 0, Normalization.Cifar10, p);
        }

        Oracle.AssertWithin(Levels.Oracle.Tensors["normalize"].Span, actual, 1e-5);
    }

    [Fact]
    public void A_normalisation_without_three_positive_deviations_is_refused()
    {
        Assert.Throws<TacitException>(() => new Normalization([0, 0, 0], [1, 0, 1]));
        Assert.Throws<TacitException>(() => new Normalization([0, 0], [1, 1, 1]));
        Assert.Throws<TacitException>(() => new Normalization([0, float.NaN, 0], [1, 1, 1]));
    }

    private static void Nothing(in Canvas canvas)
    {
    }
}
