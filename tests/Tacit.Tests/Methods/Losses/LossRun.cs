using Tacit.Tensors;

namespace Tacit.Tests.Methods.Losses;

/// <summary>Runs a loss forward and backward on parameters of given values.</summary>
internal static class LossRun
{
    /// <summary>The loss; gradients lie on the parameters, if there are any.</summary>
    public static float Of(Func<Tensor> loss)
    {
        using Scope scope = Scope.Gradient();
        Tensor value = loss();
        if (value.RequiresGrad)
        {
            scope.Backward(value);
        }

        return value.ToScalar();
    }

    public static Tensor Parameter(Tensor values)
    {
        Tensor parameter = Tensor.Parameter(values.Shape);
        values.Span.CopyTo(parameter.Span);
        return parameter;
    }

    /// <summary>Standard normal numbers that outlive a scope.</summary>
    public static Tensor Normal(Shape shape, ulong stream)
    {
        Tensor x = Tensor.Lasting(shape);
        Philox.FillNormal(x.Span, 0, stream, 0);
        return x;
    }

    /// <summary>lightly's fixed vectors: x[i, j] = sin(3i + j + 1), y[i, j] = cos(1.3(3i + j) + 0.5), 4 × 3.</summary>
    public static (Tensor X, Tensor Y) SinesAndCosines()
    {
        Tensor x = Tensor.Parameter(new Shape(4, 3)), y = Tensor.Parameter(new Shape(4, 3));
        for (int i = 0; i < 12; i++)
        {
            x.Span[i] = (float)Math.Sin(i + 1);
            y.Span[i] = (float)Math.Cos((1.3 * i) + 0.5);
        }

        return (x, y);
    }

    /// <summary>
    /// Weights [2, 5] after ten steps of plain descent from 0.1, 0.2 … 1 on the loss of 0, 1 … [16, 5] times them, as [8, 4], against
    /// 0, 1 … 31: lightly's test of forward and backward.
    /// </summary>
    public static Tensor Descend(Func<Tensor, Tensor, Tensor> loss, float lr)
    {
        Tensor weight = Tensor.Parameter(new Shape(2, 5));
        Count(weight, i => (i + 1) / 10f);
        for (int step = 0; step < 10; step++)
        {
            Of(() =>
            {
                Tensor x = Tensor.Empty(new Shape(16, 5)), y = Tensor.Empty(new Shape(8, 4));
                Count(x, i => i);
                Count(y, i => i);
                return loss(Ops.Linear(x, weight).Reshape(8, 4), y);
            });
            for (int i = 0; i < weight.Length; i++)
            {
                weight.Span[i] -= lr * weight.GradientSpan[i];
            }

            weight.ClearGradient();
        }

        return weight;
    }

    private static void Count(Tensor x, Func<int, float> value)
    {
        for (int i = 0; i < x.Length; i++)
        {
            x.Span[i] = value(i);
        }
    }
}
