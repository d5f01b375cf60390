using Tacit.Models;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Models;

public sealed class PositionTests
{
    [Fact]
    public void Sines_and_cosines_are_the_formulas()
    {
        Tensor expected = ModelOracle.Read()["sincos"];     // 3 rows, 5 columns, 24 features
        Tensor actual = SineCosinePositions.Of(3, 5, 24);

        Assert.Equal(expected.Shape, actual.Shape);
        Oracle.AssertWithin(expected.Span, actual.Span, 1e-6);
        // By hand, row 1, column 2: the first frequency is 1, so feature 0 is sin 2 and feature 12 is sin 1.
        Assert.Equal((float)Math.Sin(2), actual[7, 0], 1e-6);
        Assert.Equal((float)Math.Cos(1), actual[7, 18], 1e-6);
        Assert.Throws<TacitException>(() => SineCosinePositions.Of(2, 2, 10));
    }

    [Theory]
    [InlineData(3, 5)]
    [InlineData(8, 8)]
    [InlineData(2, 2)]
    [InlineData(7, 4)]
    public void Interpolation_is_torchs_bicubic(int rows, int columns)
    {
        Tensor grid = ModelOracle.Numbers(new Shape(6, 16), 2000);      // channels first, as the script draws it
        Tensor positions = Ops.Transpose(grid, 1, 0);

        Tensor actual = Ops.MatMul(PositionInterpolation.Matrix((4, 4), (rows, columns)), positions);

        Oracle.AssertClose(ModelOracle.Read()[$"bicubic.{rows}x{columns}"].Span, actual.Span, 1e-6);
    }
}
