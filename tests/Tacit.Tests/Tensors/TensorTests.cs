using Tacit.Tensors;
using Xunit;
using Ops = Tacit.Tensors.Ops;

namespace Tacit.Tests.Tensors;

public sealed class TensorTests
{
    [Fact]
    public void Views_share_memory()
    {
        Tensor x = Tensor.From([0, 1, 2, 3, 4, 5], new Shape(3, 2));
        Tensor flat = x.Reshape(-1), rows = x.Rows(1, 2).Reshape(4);
        x[2, 0] = 9;
        Assert.Equal([0, 1, 2, 3, 9, 5], flat.ToArray());
        Assert.Equal([2, 3, 9, 5], rows.ToArray());
        Assert.Equal(new Shape(2, 3), x.Reshape(2, -1).Shape);
    }

    [Fact]
    public void Views_share_the_gradient()
    {
        using Scope scope = Scope.Gradient();
        Tensor x = Tensor.Parameter(new Shape(3, 2));
        Tensor y = Ops.Multiply(x, 1f);
        Tensor middle = y.Reshape(2, 3).Reshape(3, 2).Rows(1, 2).Rows(0, 1);
        Tensor loss = Ops.Add(Ops.Add(Ops.Sum(middle), Ops.Sum(Ops.Multiply(middle, 2))), Ops.Multiply(Ops.Sum(y.Reshape(-1)), 10));
        scope.Backward(loss);
        Assert.Equal([10, 10, 13, 13, 10, 10], x.GradientSpan.ToArray());
    }

    [Fact]
    public void A_view_used_alone_leaves_the_rest_without_gradient()
    {
        using Scope scope = Scope.Gradient();
        Tensor x = Tensor.Parameter(new Shape(3, 2));
        x.GradientTarget();
        x.GradientSpan.Fill(float.NaN);
        x.ClearGradient();
        Assert.False(x.HasGradient);
        scope.Backward(Ops.Sum(x.Rows(2, 1)));
        Assert.Equal([0, 0, 0, 0, 1, 1], x.GradientSpan.ToArray());
        Assert.Equal([1, 1], x.Rows(2, 1).GradientSpan.ToArray());
    }

    [Fact]
    public void A_detached_tensor_stops_the_gradient()
    {
        using Scope scope = Scope.Gradient();
        Tensor x = Tensor.Parameter(new Shape(2));
        x.Span.Fill(3);
        scope.Backward(Ops.Sum(Ops.Multiply(x, x.Detach())));
        Assert.Equal([3, 3], x.GradientSpan.ToArray());
    }

    [Fact]
    public void Gradients_of_parameters_add_up_over_scopes()
    {
        Tensor x = Tensor.Parameter(new Shape(2));
        for (int i = 0; i < 3; i++)
        {
            using Scope scope = Scope.Gradient();
            scope.Backward(Ops.Sum(Ops.Multiply(x, 2)));
        }

        Assert.Equal([6, 6], x.GradientSpan.ToArray());
        x.ClearGradient();
        using Scope again = Scope.Gradient();
        again.Backward(Ops.Sum(x));
        Assert.Equal([1, 1], x.GradientSpan.ToArray());
    }

    [Fact]
    public void Memory_is_aligned()
    {
        using Scope scope = Scope.NoGradient();
        for (int n = 1; n < 40; n += 7)
        {
            unsafe
            {
                Assert.Equal(0, (nint)Tensor.Empty(new Shape(n)).Data & 63);
                Assert.Equal(0, (nint)Tensor.Lasting(new Shape(n)).Data & 63);
            }
        }
    }

    [Fact]
    public void Misuse_is_named()
    {
        Tensor x = Tensor.Zeros(new Shape(2, 3));
        Assert.Equal("Reshape: [2, 3] and [4] do not fit: 6 numbers cannot fill 4 places.", Assert.Throws<ShapeException>(() => x.Reshape(4)).Message);
        Assert.Throws<ShapeException>(() => x.Reshape(4, -1));
        Assert.Throws<ShapeException>(() => x.Rows(1, 2));
        Assert.Throws<ShapeException>(() => x.ToScalar());
        Assert.Throws<ShapeException>(() => x[0]);
        Assert.Throws<ShapeException>(() => x[0, 3]);
        Assert.Throws<ShapeException>(() => Tensor.From([1, 2], new Shape(3)));
        Assert.Throws<InvalidOperationException>(() => x.GradientSpan.Length);
        Assert.Throws<InvalidOperationException>(() => x.Rows(0, 1).RequiresGrad = true);
    }
}
