using Tacit.Data.Augment;
using Tacit.Data.Pictures;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Data.Augment;

public sealed class DrawnViewTests
{
    private const int Draws = 20_000;

    [Fact]
    public void Choices_come_as_often_and_as_wide_as_the_options_say()
    {
        var options = new AugmentationOptions
        {
            BlurProbability = 0.5f,
            SolarizeProbability = 0.1f,
            EqualizeProbability = 0.3f,
            TurnProbability = 0.6f,
            Brightness = 0.8f,
            Contrast = 1.5f,
        };
        DrawnView[] views = Draw(options);

        Often(0.8, views.Count(v => v.Jitter));
        Often(0.2, views.Count(v => v.Grey));
        Often(0.5, views.Count(v => v.Blur));
        Often(0.1, views.Count(v => v.Solarize));
        Often(0.3, views.Count(v => v.Equalize));
        Often(0.5, views.Count(v => v.Flip));
        for (int turns = 1; turns <= 3; turns++)
        {
            Often(0.2, views.Count(v => v.Turns == turns));
        }

        DrawnView[] jittered = [.. views.Where(v => v.Jitter)];
        Fills(0.2f, 1.8f, jittered.Select(v => v.Brightness));
        Fills(0f, 2.5f, jittered.Select(v => v.Contrast));      // 1 - 1.5 is cut to 0, as in torchvision
        Fills(0.6f, 1.4f, jittered.Select(v => v.Saturation));
        Fills(-0.1f, 0.1f, jittered.Select(v => v.Hue));
        Fills(0.1f, 2f, views.Where(v => v.Blur).Select(v => v.Sigma));
        Assert.Equal(24, jittered.Select(v => v.Order).Distinct().Count());
    }

    [Fact]
    public void The_four_colour_operations_come_in_the_drawn_order()
    {
        // Brightness doubled, then contrast to nothing, gives the clipped mean; the other way round it gives the doubled mean.
        var options = new AugmentationOptions { JitterProbability = 1, GreyProbability = 0, FlipProbability = 0, Saturation = 0, Hue = 0 };
        Picture picture = new(2, 1, 3, [200, 200, 200, 0, 0, 0]);
        var seen = new SortedSet<double>();
        for (int order = 0; order < 24; order++)
        {
            var view = new DrawnView { Crop = new CropBox(0, 0, 2, 1), Jitter = true, Order = order, Brightness = 2, Contrast = 0 };
            seen.Add(Math.Round(Render(view, picture, options, 4)[0], 3));
        }

        // The resized picture's mean is 100: doubled after, 200. Clipping first loses light, so it is darker.
        Assert.Equal(2, seen.Count);
        Assert.Equal(200, seen.Max, 2);
        Assert.InRange(seen.Min, 100, 199);
    }

    [Fact]
    public void Jitter_that_is_switched_off_changes_nothing()
    {
        var options = new AugmentationOptions { JitterProbability = 1, Brightness = 0, Contrast = 0, Saturation = 0, Hue = 0 };
        var random = new RandomSequence(1, 2, 3);
        DrawnView view = DrawnView.Draw(8, 8, options, ref random);
        Assert.True(view.Jitter);
        view.Grey = view.Flip = false;
        Picture picture = new(8, 8, 3, [.. Enumerable.Range(0, 192).Select(i => (byte)i)]);
        DrawnView plain = view with { Jitter = false };

        Assert.Equal(Render(plain, picture, options, 8), Render(view, picture, options, 8));
    }

    [Theory]
    [InlineData("scale")]
    [InlineData("ratio")]
    [InlineData("hue")]
    [InlineData("probability")]
    [InlineData("kernel")]
    [InlineData("sigma")]
    public void Impossible_options_are_refused(string what)
    {
        var options = what switch
        {
            "scale" => new AugmentationOptions { MinScale = 0.5f, MaxScale = 0.2f },
            "ratio" => new AugmentationOptions { MinRatio = 0 },
            "hue" => new AugmentationOptions { Hue = 0.6f },
            "probability" => new AugmentationOptions { GreyProbability = float.NaN },
            "kernel" => new AugmentationOptions { BlurKernel = 4 },
            _ => new AugmentationOptions { MinSigma = 0 },
        };

        Assert.Throws<TacitException>(options.Validate);
        new AugmentationOptions().Validate();
    }

    private static DrawnView[] Draw(AugmentationOptions options) => [.. Enumerable.Range(0, Draws).Select(i =>
    {
        var random = new RandomSequence(5, 6, i);
        return DrawnView.Draw(32, 32, options, ref random);
    })];

    private static unsafe float[] Render(DrawnView view, Picture picture, AugmentationOptions options, int side)
    {
        float[] output = new float[side * side * 3];
        fixed (float* p = output)
        {
            view.Render(picture, side, options, new Normalization([0, 0, 0], [1 / 255f, 1 / 255f, 1 / 255f]), p);
        }

        return output;
    }

    private static void Often(double probability, int count)
    {
        double error = Math.Sqrt(probability * (1 - probability) * Draws);
        Assert.InRange(count, (probability * Draws) - (5 * error), (probability * Draws) + (5 * error));
    }

    /// <summary>Uniform over [low, high): the mean and the ends are where they should be.</summary>
    private static void Fills(float low, float high, IEnumerable<float> values)
    {
        float[] all = [.. values];
        float range = high - low;
        Assert.InRange(all.Min(), low, low + (0.01f * range));
        Assert.InRange(all.Max(), high - (0.01f * range), high);
        Assert.InRange(all.Average(), low + (0.48f * range), low + (0.52f * range));
    }
}
