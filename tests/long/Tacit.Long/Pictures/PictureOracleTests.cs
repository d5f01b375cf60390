using Tacit.Data.Pictures;
using Xunit;

namespace Tacit.Long.Pictures;

/// <summary>The decoder against PIL on real pictures; tests/oracle/expect_pictures.py writes what PIL reads.</summary>
public sealed class PictureOracleTests(ITestOutputHelper output)
{
    private const string FolderVariable = "TACIT_PICTURE_EXPECTATIONS";

    [Theory]
    [InlineData("cifar10-train", 50_000)]
    [InlineData("cifar10-test", 10_000)]
    [InlineData("flowers-original", 60)]
    public void Mean_absolute_difference_is_below_half_a_grey_level(string name, int count)
    {
        string folder = Environment.GetEnvironmentVariable(FolderVariable)
            ?? throw SharedPictures.SkipBecause($"{FolderVariable} is not set; make the expectations with tests/oracle/expect_pictures.py");
        using FileStream expectedPixels = File.OpenRead(Path.Combine(folder, name + ".bin"));
        using StreamReader index = File.OpenText(Path.Combine(folder, name + ".tsv"));
        int compared = 0;
        int equal = 0;
        double worst = 0;
        foreach ((string entry, byte[] bytes) in SharedPictures.Read(name))
        {
            string[] fields = index.ReadLine()!.Split('\t');
            Picture picture = PictureDecoder.Decode(bytes).ToRgb();
            Assert.Equal((fields[0], int.Parse(fields[1]), int.Parse(fields[2])), (entry, picture.Width, picture.Height));
            byte[] expected = new byte[picture.Pixels.Length];
            expectedPixels.ReadExactly(expected);
            long sum = 0;
            for (int i = 0; i < expected.Length; i++)
            {
                sum += Math.Abs(expected[i] - picture.Pixels[i]);
            }

            double mean = sum / (double)expected.Length;
            Assert.True(mean < 0.5, $"{entry}: the mean absolute difference is {mean:F3}");
            worst = Math.Max(worst, mean);
            equal += sum == 0 ? 1 : 0;
            compared++;
        }

        Assert.Equal(count, compared);
        output.WriteLine($"{name}: {compared} pictures, {equal} equal in every value, largest mean absolute difference {worst:F4}");
    }
}
