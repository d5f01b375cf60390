using Tacit.Tensors;

namespace Tacit.Tests.Methods;

/// <summary>Reference inputs as tensors that learn.</summary>
internal static class Vectors
{
    /// <summary>A parameter with the values of a reference vector.</summary>
    public static Tensor Parameter(Tensor values)
    {
        Tensor x = Tensor.Parameter(values.Shape);
        values.Span.CopyTo(x.Span);
        return x;
    }

    /// <summary>f of 0, 1, 2 …, row after row, in rows of three.</summary>
    public static Tensor Wave(int rows, Func<double, double> f)
    {
        Tensor x = Tensor.Parameter(new Shape(rows, 3));
        for (int i = 0; i < x.Length; i++)
        {
            x.Span[i] = (float)f(i);
        }

        return x;
    }
}
