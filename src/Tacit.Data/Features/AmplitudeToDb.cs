using System.Numerics.Tensors;

namespace Tacit.Data.Features;

/// <summary>Decibels in place, as torchaudio.transforms.AmplitudeToDB.</summary>
public static class AmplitudeToDb
{
    private const float Least = 1e-10f;

    /// <summary>10 log10(max(x, 1e-10)), and no lower than <paramref name="topDb"/> below the loudest if that is given.</summary>
    public static void Power(Span<float> x, float? topDb = null) => Run(x, 10, topDb);

    /// <summary>20 log10(max(x, 1e-10)), and no lower than <paramref name="topDb"/> below the loudest if that is given.</summary>
    public static void Magnitude(Span<float> x, float? topDb = null) => Run(x, 20, topDb);

    private static void Run(Span<float> x, float multiplier, float? topDb)
    {
        if (x.IsEmpty)
        {
            return;
        }

        TensorPrimitives.Max(x, Least, x);
        TensorPrimitives.Log10(x, x);
        TensorPrimitives.Multiply(x, multiplier, x);
        if (topDb is { } top)
        {
            TensorPrimitives.Max(x, TensorPrimitives.Max((ReadOnlySpan<float>)x) - top, x);
        }
    }
}
