using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Tensors;

public sealed class ShapeTests
{
    [Fact]
    public void Axes_count_from_either_end()
    {
        var shape = new Shape(2, 3, 5);
        Assert.Equal((2, 5, 5, 2), (shape[0], shape[2], shape[-1], shape[-3]));
        Assert.Equal((3, 30, 6, 5), (shape.Rank, shape.Length, shape.Rows, shape.Last));
        Assert.Equal(15, shape.Product(1, 3));
        Assert.Equal([2, 3, 5], shape.ToArray());
        Assert.Equal("[2, 3, 5]", shape.ToString());
        Assert.Equal(new Shape(2, 3, 7), shape.With(-1, 7));
        Assert.Throws<ArgumentOutOfRangeException>(() => shape[3]);
        Assert.Throws<ArgumentOutOfRangeException>(() => shape[-4]);
    }

    [Fact]
    public void A_scalar_holds_one_number_however_its_shape_was_made()
    {
        foreach (Shape scalar in (Shape[])[default, new Shape(), new Shape(ReadOnlySpan<int>.Empty), Array.Empty<int>()])
        {
            Assert.Equal((0, 1, 1, 1), (scalar.Rank, scalar.Length, scalar.Rows, scalar.Last));
            Assert.Equal(new Shape(), scalar);
        }
    }

    [Fact]
    public void Shapes_of_different_rank_differ()
    {
        Assert.NotEqual(new Shape(3), new Shape(3, 1));
        Assert.NotEqual(new Shape(), new Shape(0));
        Assert.True(new Shape(1, 2) == new Shape(1, 2));
        Assert.Equal(0, new Shape(4, 0, 2).Length);
    }

    [Fact]
    public void What_cannot_be_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new Shape(1, 1, 1, 1, 1, 1));
        Assert.Throws<ArgumentException>(() => new Shape(2, -1));
        Assert.Throws<ArgumentException>(() => new Shape(1 << 16, 1 << 16));
    }
}
