using Tacit.Nn;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Nn;

public sealed class DropPathTests
{
    private const int Items = 4000;

    [Fact]
    public void Whole_items_are_dropped_and_the_others_are_scaled()
    {
        var layer = new DropPath(0.25f);
        using Scope scope = Scope.Gradient(seed: 3);
        Tensor x = Tensor.Full(new Shape(Items, 2, 3), 1);
        float[] y = layer.Forward(x).ToArray();

        int kept = 0;
        for (int i = 0; i < Items; i++)
        {
            float[] item = y[(6 * i)..((6 * i) + 6)];
            Assert.All(item, value => Assert.Equal(item[0], value));
            Assert.True(item[0] is 0 || Math.Abs(item[0] - (4 / 3f)) < 1e-6);
            kept += item[0] > 0 ? 1 : 0;
        }

        Assert.InRange(kept, 3000 - 110, 3000 + 110);      // four deviations of √(4000 · 0.25 · 0.75) = 27
        Assert.NotEqual(y, layer.Forward(x).ToArray());     // another call, another draw
    }

    [Fact]
    public void The_gradient_goes_where_the_value_went()
    {
        var layer = new DropPath(0.5f);
        var x = Tensor.Parameter(new Shape(8, 5));
        x.Span.Fill(2);
        float[] y;
        using (Scope scope = Scope.Gradient(seed: 1, step: 4))
        {
            Tensor dropped = layer.Forward(x);
            y = dropped.ToArray();
            scope.Backward(Ops.Sum(dropped));
        }

        Assert.Contains(0, y);
        Assert.Contains(4, y);
        Assert.Equal(y.Select(value => value / 2), x.GradientSpan.ToArray());
    }

    [Fact]
    public void Evaluation_drops_nothing_and_training_draws_the_same_again()
    {
        var layer = new DropPath(0.5f);
        Tensor x = Tensor.From(Hashed.Singles(64, 1), new Shape(16, 4));
        float[] Draw(long step)
        {
            using Scope scope = Scope.Gradient(seed: 1, step: step);
            return layer.Forward(x).ToArray();
        }

        Assert.Equal(Draw(2), Draw(2));
        Assert.NotEqual(Draw(2), Draw(3));
        layer.Eval();
        Assert.Equal(x.ToArray(), layer.Forward(x).ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => new DropPath(1));
    }
}
