using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Tests.Models.Speech;

/// <summary>Sizes, weights and checks that tests/oracle/make_wav2vec2.py has too.</summary>
internal static class SpeechOracle
{
    public const int Dim = 12, Layers = 3;

    public static readonly int[] Lengths = [331, 250];

    /// <summary>The script's encoder, with nothing dropped.</summary>
    public static Wav2Vec2Options Small { get; } = new()
    {
        ConvDims = [8, 10, 8],
        ConvKernels = [10, 3, 2],
        ConvStrides = [5, 2, 2],
        Dim = Dim,
        Layers = Layers,
        Heads = 3,
        FeedForward = 20,
        PositionKernel = 6,
        PositionGroups = 4,
        Dropout = 0,
        AttentionDropout = 0,
        InputDropout = 0,
        LayerDrop = 0,
        FrontGradient = 1,
    };

    public static Wav2Vec2Options Options(string name) => name switch
    {
        "base" => Small,
        "base.published" => Small with { PublishedPadding = true },
        "large" => Small with { FrontNorm = FrontNorm.Layer, ConvBias = true, PreNorm = true },
        "wavlm" => Small with { RelativeBuckets = 16, RelativeMaxDistance = 20 },
        "wavlm.large" => Small with { FrontNorm = FrontNorm.Layer, PreNorm = true, RelativeBuckets = 16, RelativeMaxDistance = 20 },
        "data2vec" => Small with { FrontNorm = FrontNorm.Layer, PositionDepth = 2, PositionKernel = 5 },
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    public static Tensor Waves() => Tensor.From(Hashed.Singles(2 * 331, 2000), new Shape(2, 331));

    public static IEnumerable<KeyValuePair<string, Tensor>> Sorted(Module module) => module.NamedParameters().OrderBy(pair => pair.Key, StringComparer.Ordinal);

    /// <summary>As <c>fill</c> of the script.</summary>
    public static void Fill(Module module)
    {
        int salt = 0;
        foreach (var (name, parameter) in Sorted(module))
        {
            double scale = parameter.Rank > 1 ? 1.5 / Math.Sqrt(Initializers.FanIn(parameter.Shape)) : 0.2, shift = 0;
            bool norm = name.EndsWith("weight", StringComparison.Ordinal) && (parameter.Rank == 1 || name.Contains("Norm", StringComparison.Ordinal));
            if (norm || name.EndsWith("weight_g", StringComparison.Ordinal) || name.EndsWith("rel_pos_const", StringComparison.Ordinal))
            {
                (scale, shift) = (0.2, 1);
            }

            float[] values = [.. Hashed.Doubles(parameter.Length, salt++).Select(v => (float)((scale * v) + shift))];
            module.Load(new Dictionary<string, Tensor> { [name] = Tensor.From(values, parameter.Shape) }, strict: false);
        }
    }

    /// <summary>Σ of a state's real frames, weighed as the script weighs them.</summary>
    public static Tensor Loss(Tensor state, int salt, int[] frames)
    {
        Tensor weights = Tensor.From(Hashed.Singles(state.Length, salt), state.Shape);
        return Ops.Sum(Ops.Multiply(Frames.Mask(state, frames), weights));
    }

    /// <summary>The items' real frames one below the other.</summary>
    public static float[] Real(Tensor state, int[] frames) =>
        [.. frames.SelectMany((count, n) => state.Rows(n, 1).ToArray().Take(count * state.Shape[2]))];

    /// <summary>Norm and five entries of each gradient, in the order of sorted names.</summary>
    public static void AssertGradients(Tensor expected, Module module)
    {
        int row = 0;
        foreach (var (name, parameter) in Sorted(module).Where(pair => pair.Key != Wav2Vec2Encoder.MaskName))
        {
            float[] g = parameter.GradientSpan.ToArray();
            float[] actual = [(float)Math.Sqrt(g.Sum(v => (double)v * v)), .. Enumerable.Range(0, 5).Select(i => g[(int)((long)i * g.Length / 5)])];
            Oracle.AssertClose(expected.Span.Slice(6 * row++, 6), actual, 2e-5, name);
        }

        Xunit.Assert.Equal(expected.Shape[0], row);
    }
}
