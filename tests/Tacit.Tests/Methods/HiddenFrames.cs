using Tacit.Data.Loading;
using Tacit.Methods;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;
using Tacit.Tests.Models.Speech;
using Xunit;

namespace Tacit.Tests.Methods;

/// <summary>Sizes, weights and waves that tests/oracle/make_speech_hidden.py has too: two recordings, all of whose frames but one are hidden.</summary>
internal static class HiddenFrames
{
    public static readonly int[] Lengths = [4080, 2800], Counts = [12, 8];

    /// <summary>Hides all frames but one.</summary>
    public static SpanMask AllButOne { get; } = new() { Share = 1, Length = 1 };

    public static BackboneOptions Group { get; } = new()
    {
        Name = BackboneFactory.Wav2Vec2,
        ConvDim = 8,
        Dim = 12,
        Depth = 3,
        Heads = 3,
        MlpRatio = 20f / 12,
        PositionKernel = 6,
        PositionGroups = 4,
        Dropout = 0,
        LayerDrop = 0,
        FrontGradient = 0.1f,
    };

    public static BackboneOptions Layer { get; } = Group with { FrontNorm = "layer", PositionDepth = 2, PositionKernel = 5, FrontGradient = 1 };

    public static BackboneOptions Conformer { get; } = new() { Name = BackboneFactory.Conformer, Mels = 8, ConvDim = 4, Dim = 12, Depth = 2, Heads = 2, Kernel = 5, Dropout = 0 };

    public static Batch Batch() => new(Tensor.From(Hashed.Singles(2 * 4080, 2000), new Shape(2, 4080)), 1, [0, 1], null) { Lengths = Lengths, Starts = [0, 0] };

    /// <summary>The frame of each item that <see cref="AllButOne"/> leaves to see in <see cref="Trial.Look"/>.</summary>
    public static int[] Seen(ulong seed = 3, long step = 7)
    {
        using Scope scope = Scope.Gradient(seed, step);
        RandomSequence random = Scope.NextRandom("mask", "");
        bool[] hidden = AllButOne.Draw(Counts, 12, ref random);
        return [.. Counts.Select((count, n) => Assert.Single(Enumerable.Range(0, count), t => !hidden[(n * 12) + t]))];
    }

    /// <summary>Gives parameters values as <c>head</c> of the script does.</summary>
    public static void Fill(Method method, int salt, params string[] names)
    {
        foreach (string name in names)
        {
            Tensor parameter = method.StateDict()[name];
            double scale = parameter.Rank > 1 ? 1.5 / Math.Sqrt(Initializers.FanIn(parameter.Shape)) : 0.2, shift = name.EndsWith("weight", StringComparison.Ordinal) && parameter.Rank == 1 ? 1 : 0;
            float[] values = [.. Hashed.Doubles(parameter.Length, salt++).Select(v => (float)((scale * v) + shift))];
            values.CopyTo(parameter.Span);
        }
    }

    /// <summary>Gives the encoder the script's values, and its twin the same.</summary>
    public static void FillWithTwin(Method method, string twin)
    {
        SpeechOracle.Fill(method.Backbone);
        foreach ((string name, Tensor value) in method.Backbone.StateDict())
        {
            value.Span.CopyTo(method.StateDict()[twin + name].Span);
        }
    }

    /// <summary>Six recordings that are trained on.</summary>
    public static DataFit Fit(int batch = 2, double seconds = 2, List<string>? notes = null, BackboneOptions? model = null, params string[] given) =>
        new(given.Contains, (notes ?? []).Add) { Items = 6, BatchSize = batch, Side = 0, Modality = "speech", Seconds = seconds, Model = model ?? Layer };

    /// <summary>The loss and its gradients are the script's.</summary>
    public static Diagnostics AssertLoss(Method method, Batch batch, OrderedDictionary<string, Tensor> expected, string name, params (string Parameter, string Key)[] others)
    {
        var found = new Diagnostics();
        using Scope scope = Scope.Gradient(3, 7);
        Tensor loss = method.Loss(batch, found);
        Assert.Equal(expected[$"{name}.loss"].ToScalar(), loss.ToScalar(), 2e-5);
        scope.Backward(loss);
        SpeechOracle.AssertGradients(expected[$"{name}.gradients"], method.Backbone);
        foreach ((string parameter, string key) in others)
        {
            Oracle.AssertClose(expected[$"{name}.{key}"].Span, method.StateDict()[parameter].GradientSpan, 2e-5, parameter);
        }

        return found;
    }
}
