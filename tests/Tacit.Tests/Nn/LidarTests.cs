using Tacit.Nn;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Nn;

public sealed class LidarTests
{
    [Theory]
    [InlineData("lidar", 80, 5, 16, 1e-4)]
    [InlineData("lidar.regularised", 80, 5, 16, 0.05)]
    [InlineData("lidar.wide", 12, 3, 20, 1e-4)]
    public void It_is_that_of_the_definition_in_PyTorch(string name, int items, int views, int dim, double regularisation)
    {
        double[] centres = Hashed.Doubles(items * dim, 21), noise = Hashed.Doubles(items * views * dim, 22);
        var x = Tensor.Lasting(new Shape(items * views, dim));
        for (int at = 0; at < x.Length; at++)
        {
            int d = at % dim;
            x.Span[at] = (float)((centres[at % (items * dim)] * Math.Pow(1.3, -d)) + (noise[at] * 0.4 * Math.Pow(1.3, d - dim + 1)));
        }

        Assert.Equal(Oracle.Read("labelfree.safetensors").Tensors[name].ToScalar(), Lidar.Of(x, items, regularisation), 5e-4);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(6)]
    public void Items_that_differ_alike_in_r_directions_have_rank_r(int directions)
    {
        // Items ±e_1 … ±e_r, each seen once a little more and once a little less along every axis alike.
        const int Dim = 9;
        int items = 2 * directions;
        var x = Tensor.Lasting(new Shape(2 * Dim * items, Dim));
        for (int row = 0; row < x.Shape[0]; row++)
        {
            int item = row % items, view = row / items;
            x[row, item / 2] += item % 2 == 0 ? 1 : -1;
            x[row, view / 2] += view % 2 == 0 ? 0.25f : -0.25f;
        }

        Assert.Equal(directions, Lidar.Of(x, items), 1e-4);
    }

    [Fact]
    public void A_direction_that_augmentation_changes_counts_less()
    {
        // Items (±1, ±1), views 2 more or less along the first axis or 1 along the second. Σb = 4/3 I, Σw = diag(8, 2) / 3 + δ.
        float[][] offsets = [[2, 0], [-2, 0], [0, 1], [0, -1]];
        var x = Tensor.Lasting(new Shape(16, 2));
        for (int row = 0; row < 16; row++)
        {
            int item = row % 4;
            x[row, 0] = (item % 2 == 0 ? 1 : -1) + offsets[row / 4][0];
            x[row, 1] = (item / 2 == 0 ? 1 : -1) + offsets[row / 4][1];
        }

        double first = 1 / ((8.0 / 3) + 1e-4), second = 1 / ((2.0 / 3) + 1e-4), p = first / (first + second);
        Assert.Equal(Math.Exp(-(p * Math.Log(p)) - ((1 - p) * Math.Log(1 - p))), Lidar.Of(x, 4), 1e-5);
    }

    [Fact]
    public void Items_that_are_all_alike_have_rank_one_and_what_is_not_finite_none()
    {
        var x = Tensor.Full(new Shape(12, 5), 3);
        Assert.Equal(1, Lidar.Of(x, 4), 1e-9);

        x[7, 2] = float.NaN;
        Assert.Equal(double.NaN, Lidar.Of(x, 4));
        Assert.Throws<ShapeException>(() => Lidar.Of(x, 12));
        Assert.Throws<ShapeException>(() => Lidar.Of(x, 5));
        Assert.Throws<ShapeException>(() => Lidar.Of(x, 1));
    }
}
