using Tacit.Tensors;
using Xunit;
using Ops = Tacit.Tensors.Ops;

namespace Tacit.Tests.Tensors;

public sealed class TapeTests
{
    [Fact]
    public void A_tape_runs_once()
    {
        using Scope scope = Scope.Gradient();
        Tensor x = Tensor.Parameter(new Shape(2));
        Tensor loss = Ops.Sum(x), other = Ops.Mean(x);
        scope.Backward(loss);
        Assert.Throws<InvalidOperationException>(() => scope.Backward(other));
        Assert.Contains("Relu", Assert.Throws<InvalidOperationException>(() => Ops.Relu(x)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_loss_is_one_number_that_depends_on_a_parameter()
    {
        using Scope scope = Scope.Gradient();
        Tensor x = Tensor.Parameter(new Shape(2));
        Assert.Throws<ShapeException>(() => scope.Backward(Ops.Relu(x)));
        Assert.Throws<InvalidOperationException>(() => scope.Backward(Tensor.Scalar(1)));
    }

    [Fact]
    public void Branches_that_do_not_reach_the_loss_are_left_out()
    {
        using Scope scope = Scope.Gradient();
        Tensor x = Tensor.Parameter(new Shape(2)), unused = Tensor.Parameter(new Shape(2));
        Ops.Exp(unused);
        Tensor hidden = Ops.Relu(x);
        Ops.Multiply(hidden, 5);
        scope.Backward(Ops.Sum(hidden));
        Assert.False(unused.HasGradient);
        Assert.True(x.HasGradient);
        Assert.False(hidden.HasGradient);
    }

    [Fact]
    public void Gradient_memory_of_activations_is_used_again()
    {
        long deep = Bytes(64), shallow = Bytes(8);
        // Forward takes 256 KB a layer; the gradients of 64 layers take no more than those of 8.
        Assert.InRange(deep - shallow, (64 - 8) * 262_144L, (long)((64 - 8) * 262_144 * 1.05));

        static unsafe long Bytes(int layers)
        {
            using Scope scope = Scope.Gradient();
            Tensor.Empty(new Shape(40_000_000));        // one slab, whose addresses then tell how much was taken
            using Scope inner = Scope.Gradient();
            Tensor.Empty(new Shape(40_000_000));
            Tensor x = Tensor.Parameter(new Shape(65_536));
            byte* before = (byte*)Tensor.Empty(new Shape(1)).Data;
            Tensor y = x;
            for (int i = 0; i < layers; i++)
            {
                y = Ops.Multiply(y, 1.01f);
            }

            inner.Backward(Ops.Sum(y));
            return (byte*)Tensor.Empty(new Shape(1)).Data - before;
        }
    }
}
