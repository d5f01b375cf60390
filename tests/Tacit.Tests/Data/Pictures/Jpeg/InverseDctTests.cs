using Tacit.Data.Pictures.Jpeg;
using Xunit;

namespace Tacit.Tests.Data.Pictures.Jpeg;

public sealed class InverseDctTests
{
    [Fact]
    public void Agrees_with_the_definition_to_rounding()
    {
        // In the manner of IEEE 1180, but on coefficients drawn directly: peak error 1, and a mean squared error well below
        // that standard's 0.06 for any one sample (it measures 0.020; libjpeg's transform gives the same bits).
        short[] coefficients = new short[64];
        short[] steps = new short[64];
        byte[] samples = new byte[64];
        uint state = 1;
        int worst = 0;
        double squares = 0;
        const int Blocks = 1000;
        for (int block = 0; block < Blocks; block++)
        {
            for (int i = 0; i < 64; i++)
            {
                state = (state * 1664525) + 1013904223;
                coefficients[i] = (short)(((int)(state >> 24) - 128) / (1 + (i / 8) + (i % 8)));
                steps[i] = (short)(1 + (i % 3));
            }

            InverseDct.Transform(coefficients, steps, samples, 8);
            for (int y = 0; y < 8; y++)
            {
                for (int x = 0; x < 8; x++)
                {
                    int error = samples[(y * 8) + x] - Math.Clamp((int)Math.Round(Exact(coefficients, steps, x, y)) + 128, 0, 255);
                    worst = Math.Max(worst, Math.Abs(error));
                    squares += error * error;
                }
            }
        }

        Assert.True(worst <= 1, $"The largest error is {worst}.");
        Assert.True(squares / (64 * Blocks) < 0.03, $"The mean squared error is {squares / (64 * Blocks)}.");
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(7, 16)]
    [InlineData(-63, 16)]
    [InlineData(100, 255)]
    [InlineData(-2047, 1)]
    [InlineData(3, 1)]
    [InlineData(4, 1)]
    [InlineData(-4, 1)]
    public void A_flat_block_is_what_the_whole_transform_gives(int coefficient, int step)
    {
        short[] coefficients = new short[64];
        short[] steps = new short[64];
        coefficients[0] = (short)coefficient;
        steps[0] = (short)step;
        byte[] whole = new byte[64];
        byte[] flat = new byte[64];

        InverseDct.Transform(coefficients, steps, whole, 8);
        InverseDct.TransformFlat(coefficient, step, flat, 8);

        Assert.Equal(whole, flat);
    }

    /// <summary>ITU-T T.81, A.3.3.</summary>
    private static double Exact(short[] coefficients, short[] steps, int x, int y)
    {
        double sum = 0;
        for (int v = 0; v < 8; v++)
        {
            for (int u = 0; u < 8; u++)
            {
                double scale = (u == 0 ? Math.Sqrt(0.5) : 1) * (v == 0 ? Math.Sqrt(0.5) : 1) / 4;
                sum += scale * coefficients[(v * 8) + u] * steps[(v * 8) + u]
                    * Math.Cos(((2 * x) + 1) * u * Math.PI / 16) * Math.Cos(((2 * y) + 1) * v * Math.PI / 16);
            }
        }

        return sum;
    }
}
