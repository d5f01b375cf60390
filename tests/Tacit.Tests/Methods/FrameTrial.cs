using Tacit.Data.Loading;
using Tacit.Methods;
using Tacit.Models;
using Tacit.Tensors;
using Tacit.Training;
using Xunit;

namespace Tacit.Tests.Methods;

/// <summary>What the tests of methods over frames of sound share.</summary>
internal static class FrameTrial
{
    public static BackboneOptions Transformer { get; } =
        new() { Name = BackboneFactory.FbankTransformer, Mels = 10, Depth = 2, Dim = 16, Heads = 2, Dropout = 0 };

    public static BackboneOptions Gru { get; } = new() { Name = BackboneFactory.Gru, Mels = 5, Depth = 2, Dim = 6, Dropout = 0 };

    public static BackboneOptions Decoar { get; } = Gru with { Name = BackboneFactory.Decoar };

    public static BackboneOptions AudioNtt { get; } = new() { Name = BackboneFactory.AudioNtt, Mels = 8, Dim = 12, Dropout = 0 };

    /// <summary>Slow waves, of a place and a pace of their own in every item and bin; zeros in padding.</summary>
    /// <param name="width">Numbers of a frame.</param>
    /// <param name="picture">Whether frames are log-mel pictures of one channel.</param>
    /// <param name="frames">Of the batch.</param>
    /// <param name="lengths">Of the items.</param>
    public static Batch Waves(int width, bool picture, int frames, params int[] lengths)
    {
        Tensor x = Tensor.Lasting(picture ? new Shape(lengths.Length, frames, width, 1) : new Shape(lengths.Length, frames, width));
        x.Span.Clear();
        for (int n = 0; n < lengths.Length; n++)
        {
            for (int i = 0; i < lengths[n] * width; i++)
            {
                int t = i / width, f = i % width;
                x.Span[(n * frames * width) + i] = (float)Math.Sin((0.1 * t * (1 + (0.13 * f) + (0.2 * n))) + n + f);
            }
        }

        return Of(x, lengths);
    }

    /// <summary>The batch of tests/oracle/make_frames.py; what is padding holds numbers too.</summary>
    public static Batch Oracle() => Of(Tensor.From(Hashed.Singles(3 * 12 * 5, 1000), new Shape(3, 12, 5)), [12, 9, 3]);

    public static Batch Of(Tensor views, int[] lengths) => new(views, 1, [.. Enumerable.Range(0, lengths.Length)], null) { Lengths = lengths };

    /// <summary>A method's loss and all gradients are those of the script, whose weights it is given.</summary>
    public static void IsThatOfTheScript(Method method, string key)
    {
        SafetensorsContent expected = Tests.Oracle.Read("frames.safetensors");
        Models.SequenceOracle.Fill(method);
        using Scope scope = Scope.Gradient();
        Tensor loss = method.Loss(Oracle(), new Diagnostics());
        scope.Backward(loss);
        Tests.Oracle.AssertClose(expected.Tensors[$"{key}.loss"].Span, [loss.ToScalar()], 1e-5);
        float[] gradients = [.. method.Parameters().SelectMany(p => p.HasGradient ? p.GradientSpan.ToArray() : new float[p.Length])];
        Tests.Oracle.AssertWithin(expected.Tensors[$"{key}.gradients"].Span, gradients, 1e-5, key);
    }

    /// <summary>More padding, and other numbers in it, change nothing.</summary>
    public static void PaddingChangesNothing(Func<Method> make, int width, bool picture = false)
    {
        Batch narrow = Waves(width, picture, 60, 60, 44, 52), wide = Waves(width, picture, 64, 60, 44, 52);
        for (int n = 0, row = wide.Views.Length / 3; n < 3; n++)
        {
            wide.Views.Span[((n * row) + (wide.Lengths![n] * width))..((n + 1) * row)].Fill(77);
        }

        (double loss, Diagnostics found) = Trial.Look(make(), narrow);
        (double padded, Diagnostics again) = Trial.Look(make(), wide);
        Assert.Equal(loss, padded, 1e-5);
        Assert.All(found.Values, value => Assert.Equal(value.Value, again[value.Name]!.Value, 1e-5));
    }

    /// <summary>A batch of which nothing can be told costs 0 and moves nothing, and training goes on.</summary>
    public static void ABatchThatIsTooShortCostsNothing(Method method, Batch tooShort)
    {
        float[][] before = [.. method.Parameters().Select(p => p.ToArray())];
        Assert.Equal([0], Trial.Steps(method, tooShort, 1, Trial.Sgd()));
        Assert.Equal(before, method.Parameters().Select(p => p.ToArray()));
    }

    /// <summary>What a method's options become for recordings.</summary>
    public static (T Options, List<string> Notes) Fit<T>(T options, BackboneOptions model, double seconds, params string[] given)
        where T : MethodOptions
    {
        var notes = new List<string>();
        var fit = new DataFit(given.Contains, notes.Add) { Items = 100, BatchSize = 8, Side = 0, Modality = "speech", Seconds = seconds, Model = model };
        return ((T)options.FitTo(fit), notes);
    }

    /// <summary>Why options cannot work with recordings.</summary>
    public static string Refusal<T>(T options, BackboneOptions model, double seconds, params string[] given)
        where T : MethodOptions => Assert.Throws<ConfigurationException>(() => Fit(options, model, seconds, given)).Message;

    /// <summary>A method of the catalogue in a published size.</summary>
    public static Method Published(string name, string preset = "base", bool deltas = true)
    {
        MethodEntry entry = MethodCatalog.Get(name);
        BackboneOptions options = entry.Setup.Model(ModelOptions.OfPreset(entry.Setup.Architecture, preset).Backbone);
        return entry.Create(BackboneFactory.Build(deltas ? options : options with { Deltas = 0 }), entry.Defaults);
    }
}
