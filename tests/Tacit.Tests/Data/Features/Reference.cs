using Tacit.Tensors;

namespace Tacit.Tests.Data.Features;

/// <summary>The vectors of tests/oracle/features.py.</summary>
internal static class Reference
{
    private static readonly Lazy<SafetensorsContent> Content = new(() => Oracle.Read("features.safetensors"));

    /// <summary>0.3 s at 16 kHz, -1 … 1.</summary>
    public static float[] Wave => Get("wave");

    /// <summary>The same as 16-bit levels.</summary>
    public static float[] Levels => [.. Wave.Select(x => x * 32768)];

    public static float[] Get(string name) => Content.Value.Tensors[name].Span.ToArray();
}
