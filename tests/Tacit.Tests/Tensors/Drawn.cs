using Tacit.Tensors;

namespace Tacit.Tests.Tensors;

/// <summary>Standard normal inputs, and what references read of them.</summary>
internal static class Drawn
{
    public static Tensor Normal(ulong stream, params int[] shape)
    {
        Tensor tensor = Tensor.Empty(shape);
        Philox.FillNormal(tensor.Span, 0, stream, 0);
        return tensor;
    }

    public static double[] Doubles(ReadOnlySpan<float> values)
    {
        var doubles = new double[values.Length];
        for (int i = 0; i < doubles.Length; i++)
        {
            doubles[i] = values[i];
        }

        return doubles;
    }
}
