using Tacit.Data.Augment;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Data.Augment;

public sealed class CropBoxTests
{
    [Fact]
    public void Where_no_try_can_succeed_the_middle_is_torchvisions()
    {
        var options = new AugmentationOptions { MinScale = 1, MaxScale = 1, MinRatio = 0.9f, MaxRatio = 1.1f };
        Tensor expected = Levels.Oracle.Tensors["fallback"];
        for (int i = 0; i < expected.Shape[0]; i++)
        {
            int[] row = [.. expected.Rows(i, 1).ToArray().Select(v => (int)v)];
            var random = new RandomSequence(1, 2, i);

            CropBox actual = CropBox.Draw(row[0], row[1], options, ref random);

            Assert.Equal(new CropBox(row[2], row[3], row[4], row[5]), actual);
        }
    }

    /// <summary>Means and deviations of 20,000 crops of each, theirs and ours: apart by less than five standard errors.</summary>
    [Theory]
    [InlineData(32, 32)]
    [InlineData(50, 20)]
    public void Crops_fall_as_torchvisions_do(int width, int height)
    {
        const int Draws = 20_000;
        var options = new AugmentationOptions();
        double[] sum = new double[5], squares = new double[5];
        for (int i = 0; i < Draws; i++)
        {
            var random = new RandomSequence(3, 4, i);
            CropBox box = CropBox.Draw(width, height, options, ref random);
            Assert.True(box is { Left: >= 0, Top: >= 0, Width: > 0, Height: > 0 } && box.Left + box.Width <= width && box.Top + box.Height <= height, $"{box}");
            double[] values = [box.Left, box.Top, box.Width, box.Height, box.Width * box.Height];
            for (int k = 0; k < 5; k++)
            {
                sum[k] += values[k];
                squares[k] += values[k] * values[k];
            }
        }

        Tensor expected = Levels.Oracle.Tensors[$"crops.{width}x{height}"];
        for (int k = 0; k < 5; k++)
        {
            double mean = sum[k] / Draws, deviation = Math.Sqrt((squares[k] / Draws) - (mean * mean));
            double error = expected[1, k] * Math.Sqrt(2.0 / Draws);
            Assert.InRange(mean, expected[0, k] - (5 * error), expected[0, k] + (5 * error));
            Assert.InRange(deviation, expected[1, k] - (5 * error), expected[1, k] + (5 * error));
        }
    }
}
