using Tacit.Data.Augment;
using Tacit.Data.Loading;
using Tacit.Data.Pictures;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Data.Augment;

public sealed class ResizeTests
{
    public static TheoryData<int, Interpolation> Boxes()
    {
        var data = new TheoryData<int, Interpolation>();
        for (int i = 0; i < 8; i++)
        {
            data.Add(i, Interpolation.Bilinear);
            data.Add(i, Interpolation.Bicubic);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Boxes))]
    public void Crops_are_resized_as_torchvision_and_PIL_do(int box, Interpolation interpolation)
    {
        Picture picture = Levels.Picture("picture");
        ReadOnlySpan<float> b = Levels.Oracle.Tensors["boxes"].Rows(box, 1).Span;
        var crop = new CropBox((int)b[0], (int)b[1], (int)b[2], (int)b[3]);
        int size = (int)b[4];

        float[] actual = Levels.Render(size, size, (in Canvas canvas) => Resize.Run(picture, crop, interpolation, canvas));

        string name = $"resize.{box}.{(interpolation == Interpolation.Bilinear ? "bilinear" : "bicubic")}";
        Oracle.AssertWithin(Levels.Oracle.Tensors[name + ".float"].Span, actual, 2e-3);

        // PIL rounds to bytes after each axis, and clips a cubic's overshoot between them.
        Oracle.AssertWithin(Levels.Oracle.Tensors[name + ".pil"].Span, actual, interpolation == Interpolation.Bilinear ? 1.01 : 4);
    }

    [Theory]
    [InlineData("wide", 8)]
    [InlineData("wide", 16)]
    [InlineData("tall", 8)]
    [InlineData("tall", 16)]
    public void Evaluation_shows_the_middle_after_resizing_the_shorter_side(string name, int size)
    {
        Picture picture = Levels.Picture(name == "wide" ? "picture" : "tall");

        float[] actual = Single(picture, size);

        // torchvision's float path crops after resizing and so do we: the same arithmetic up to rounding.
        Oracle.AssertWithin(Levels.Oracle.Tensors[$"single.{name}.{size}.float"].Span, actual, 2e-3);
        Oracle.AssertWithin(Levels.Oracle.Tensors[$"single.{name}.{size}.pil"].Span, actual, 1.01);
    }

    [Theory]
    [InlineData(32)]
    [InlineData(5)]
    [InlineData(19)]
    public void A_picture_of_the_wanted_size_is_not_touched(int size)
    {
        byte[] pixels = [.. Enumerable.Range(0, size * size * 3).Select(i => (byte)(i * 37))];

        float[] actual = Single(new Picture(size, size, 3, pixels), size);

        Assert.Equal(pixels.Select(b => (float)b), actual.Select(level => MathF.Round(level)));
        Oracle.AssertWithin([.. pixels.Select(b => (float)b)], actual, 1e-4);
    }

    /// <summary>A plain reading of PIL's definition in double precision, at sizes around the strip of 16 rows.</summary>
    [Theory]
    [InlineData(1, 1, 4, 4)]
    [InlineData(5, 40, 15, 33)]
    [InlineData(64, 3, 17, 16)]
    [InlineData(100, 70, 31, 48)]
    public void Any_size_equals_the_plain_definition(int width, int height, int outWidth, int outHeight)
    {
        byte[] pixels = [.. Enumerable.Range(0, width * height * 3).Select(i => (byte)(i * 7919 >> 3))];
        var picture = new Picture(width, height, 3, pixels);

        float[] actual = Levels.Render(outWidth, outHeight, (in Canvas canvas) => Resize.Run(picture, new CropBox(0, 0, width, height), Interpolation.Bilinear, canvas));

        float[] expected = new float[actual.Length];
        for (int y = 0; y < outHeight; y++)
        {
            for (int x = 0; x < outWidth; x++)
            {
                for (int c = 0; c < 3; c++)
                {
                    expected[(((y * outWidth) + x) * 3) + c] = (float)Triangle(y, height, outHeight, v => Triangle(x, width, outWidth, u => pixels[(((v * width) + u) * 3) + c]));
                }
            }
        }

        Oracle.AssertWithin(expected, actual, 2e-3);
    }

    private static double Triangle(int at, int input, int output, Func<int, double> level)
    {
        double scale = (double)input / output, widen = Math.Max(1, scale), center = (at + 0.5) * scale;
        double sum = 0, total = 0;
        for (int i = 0; i < input; i++)
        {
            double weight = Math.Max(0, 1 - Math.Abs((i + 0.5 - center) / widen));
            sum += weight;
            total += weight * level(i);
        }

        return total / sum;
    }

    private static unsafe float[] Single(Picture picture, int size)
    {
        float[] output = new float[size * size * 3];
        var nothing = default(RandomSequence);
        fixed (float* p = output)
        {
            ViewPlan.Single(size).Render(picture, 0, size, new Normalization([0, 0, 0], [1 / 255f, 1 / 255f, 1 / 255f]), ref nothing, p);
        }

        return output;
    }
}
