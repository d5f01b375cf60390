using Tacit.Tensors;
using Xunit;
using Ops = Tacit.Tensors.Ops;

namespace Tacit.Tests.Tensors;

public sealed class ElementwiseTests
{
    public static TheoryData<int> Sizes => [1, 7, 13, 15, 16, 17, 31, 32, 33, 67];

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Relu_family(int n)
    {
        Check(Ops.Relu, x => Math.Max(x, 0), n);
        Check(x => Ops.LeakyRelu(x, 0.2f), x => x > 0 ? x : (double)0.2f * x, n);
        Check(x => Ops.LeakyRelu(x, -0.5f), x => x > 0 ? x : -0.5 * x, n);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Smooth_activations(int n)
    {
        Check(Ops.Gelu, x => x * 0.5 * SpecialFunctions.Erfc(-x / Math.Sqrt(2)), n);
        Check(Ops.GeluTanh, x => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x)))), n);
        Check(Ops.Silu, x => x / (1 + Math.Exp(-x)), n);
        Check(Ops.Tanh, Math.Tanh, n);
        Check(Ops.Sigmoid, x => 1 / (1 + Math.Exp(-x)), n);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Functions(int n)
    {
        Check(Ops.Negate, x => -x, n);
        Check(Ops.Exp, Math.Exp, n);
        Check(Ops.Log, Math.Log, n, (_, x) => Math.Abs(x) + 0.1);
        Check(Ops.Sqrt, Math.Sqrt, n, (_, x) => Math.Abs(x) + 0.1);
        Check(Ops.Square, x => x * x, n);
        Check(Ops.Abs, Math.Abs, n);
        Check(x => Ops.Clamp(x, -0.5f, 0.75f), x => Math.Clamp(x, -0.5, 0.75), n);
        Check(x => Ops.SmoothL1(x, 0.5f), x => Math.Abs(x) < 0.5 ? x * x : Math.Abs(x) - 0.25, n);
        Check(x => Ops.SmoothL1(x, 2), x => Math.Abs(x) < 2 ? x * x / 4 : Math.Abs(x) - 1, n);
    }

    [Fact]
    public void A_scaled_gradient_leaves_the_numbers_alone()
    {
        using Scope scope = Scope.Gradient();
        Tensor x = Tensor.Parameter(new Shape(2));
        x.Span[1] = 3;
        Tensor y = Ops.ScaleGradient(x, 0.25f);
        scope.Backward(Ops.Sum(Ops.Square(y)));
        Assert.Equal([0, 3], y.ToArray());
        Assert.Equal([0, 1.5f], x.GradientSpan.ToArray());
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Constants(int n)
    {
        Check(x => Ops.Add(x, 1.5f), x => x + 1.5, n);
        Check(x => Ops.Subtract(x, 1.5f), x => x - 1.5, n);
        Check(x => Ops.Subtract(1.5f, x), x => 1.5 - x, n);
        Check(x => Ops.Multiply(x, 2.5f), x => x * 2.5, n);
        Check(x => Ops.Divide(x, 4), x => x / 4, n);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Arithmetic_of_equal_shapes(int n) => Arithmetic(new Shape(n), new Shape(n));

    [Theory]
    [InlineData(new[] { 5, 17 }, new[] { 17 })]
    [InlineData(new[] { 17 }, new[] { 5, 17 })]
    [InlineData(new[] { 5, 17 }, new[] { 5, 1 })]
    [InlineData(new[] { 5, 17 }, new[] { 1, 1 })]
    [InlineData(new[] { 5, 17 }, new int[0])]
    [InlineData(new int[0], new[] { 33 })]
    [InlineData(new[] { 3, 1 }, new[] { 1, 16 })]
    [InlineData(new[] { 2, 3, 15 }, new[] { 2, 1, 15 })]
    [InlineData(new[] { 2, 1, 4, 1 }, new[] { 3, 1, 5 })]
    [InlineData(new[] { 2, 3, 1, 2, 3 }, new[] { 1, 3, 2, 1, 3 })]
    [InlineData(new[] { 1, 1, 1 }, new[] { 1 })]
    [InlineData(new[] { 300, 2 }, new[] { 2 })]
    public void Arithmetic_broadcasts_as_numpy_does(int[] a, int[] b) => Arithmetic(a, b);

    [Fact]
    public void Nothing_is_a_number_like_any_other()
    {
        using Scope scope = Scope.Gradient();
        Tensor none = Tensor.Parameter(new Shape(0, 3));
        Tensor sum = Ops.Sum(Ops.Add(Ops.Relu(none), Tensor.From([1, 2, 3], new Shape(3))));
        scope.Backward(sum);
        Assert.Equal(0, sum.ToScalar());
    }

    [Fact]
    public void Shapes_that_do_not_broadcast_are_named()
    {
        var error = Assert.Throws<ShapeException>(() => Ops.Multiply(Tensor.Zeros(new Shape(4, 3)), Tensor.Zeros(new Shape(4))));
        Assert.Equal("Multiply: [4, 3] and [4] do not fit: axis -1 is 3 against 4, and neither is 1.", error.Message);
    }

    [Fact]
    public void NaN_stays_NaN()
    {
        Func<Tensor, Tensor>[] all =
        [
            Ops.Relu, x => Ops.LeakyRelu(x), Ops.Gelu, Ops.GeluTanh, Ops.Silu, Ops.Tanh, Ops.Sigmoid, Ops.Negate, Ops.Exp, Ops.Log, Ops.Sqrt,
            Ops.Square, Ops.Abs, x => Ops.Clamp(x, -1, 1), x => Ops.SmoothL1(x, 0.1f), x => Ops.AddRelu(x, x), x => Ops.Add(x, x), x => Ops.Multiply(x, 0f),
            Ops.Softmax, Ops.LogSoftmax, x => Ops.L2Normalize(x), Ops.Sum, Ops.Mean, x => Ops.MaxPool1d(x.Reshape(1, -1, 1), 37, 1),
            x => Ops.CrossEntropy(x.Reshape(1, -1), [3]),
        ];
        foreach (Func<Tensor, Tensor> op in all)
        {
            foreach (int place in (int[])[0, 15, 36])
            {
                Tensor x = Tensor.Full(new Shape(37), 0.5f);
                x[place] = float.NaN;
                Assert.Contains(op(x).ToArray(), float.IsNaN);
            }
        }
    }

    private static void Check(Func<Tensor, Tensor> op, Func<double, double> f, int n, Func<int, double, double>? domain = null) =>
        new GradCheck { Domain = domain ?? ((_, x) => 1.5 * x) }.Run(x => op(x[0]), x => [.. x[0].Select(f)], new Shape(n));

    private static void Arithmetic(Shape a, Shape b)
    {
        Check(Ops.Add, (x, y) => x + y);
        Check(Ops.Subtract, (x, y) => x - y);
        Check(Ops.Multiply, (x, y) => x * y);
        Check(Ops.Divide, (x, y) => x / y, (i, x) => i == 1 || a == b ? Math.Sign(x) * (Math.Abs(x) + 0.5) : x);
        Check(Ops.AddRelu, (x, y) => Math.Max(x + y, 0));

        void Check(Func<Tensor, Tensor, Tensor> op, Func<double, double, double> f, Func<int, double, double>? domain = null) =>
            new GradCheck { Domain = domain ?? ((_, x) => x) }.Run(x => op(x[0], x[1]), x => Naive.Broadcast(x[0], a, x[1], b, f), a, b);
    }
}
