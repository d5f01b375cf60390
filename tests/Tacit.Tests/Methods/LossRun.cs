using Tacit.Tensors;

namespace Tacit.Tests.Methods;

/// <summary>Runs a loss forward and backward on parameters of given values.</summary>
internal static class LossRun
{
    /// <summary>The loss; gradients lie on the parameters.</summary>
    public static float Of(Func<Tensor> loss)
    {
        using Scope scope = Scope.Gradient();
        Tensor value = loss();
        scope.Backward(value);
        return value.ToScalar();
    }

    public static Tensor Parameter(Tensor values)
    {
        Tensor parameter = Tensor.Parameter(values.Shape);
        values.Span.CopyTo(parameter.Span);
        return parameter;
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
}
