using Tacit.Methods;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods.Parts;

public sealed class TurnsTests
{
    private static readonly Tensor Pictures = Tensor.From(Hashed.Singles(2 * 5 * 5 * 3, 20), new Shape(2, 5, 5, 3));

    [Fact]
    public void AllFourTurnsAreThoseOfNumPy()
    {
        OrderedDictionary<string, Tensor> expected = Oracle.Read("predictive.safetensors").Tensors;

        Tensor turned = Turns.All(Pictures);

        Assert.Equal(new Shape(8, 5, 5, 3), turned.Shape);
        for (int quarters = 0; quarters < 4; quarters++)
        {
            Assert.Equal(expected[$"turns.{quarters}"].ToArray(), turned.Rows(2 * quarters, 2).ToArray());
            Assert.Equal(expected[$"turns.{quarters}"].ToArray(), Turns.By(Pictures, quarters).ToArray());
        }
    }

    [Fact]
    public void FourQuartersAreNoneAndOneBackUndoesOne()
    {
        Tensor four = Pictures;
        for (int i = 0; i < 4; i++)
        {
            four = Turns.By(four, 1);
        }

        Assert.Equal(Pictures.ToArray(), four.ToArray());
        Assert.Equal(Pictures.ToArray(), Turns.By(Turns.By(Pictures, 1), -1).ToArray());
        Assert.NotEqual(Pictures.ToArray(), Turns.By(Pictures, 2).ToArray());
    }

    [Fact]
    public void OnlySquaresTurn() => Assert.Throws<ShapeException>(() => Turns.All(Tensor.Zeros(new Shape(1, 4, 5, 3))));
}
