using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Models.Speech.Quantizers;

public sealed class QuantizerTests
{
    private const int Rows = 7, Input = 6, Groups = 2, Entries = 5, Dim = 8;

    private static readonly OrderedDictionary<string, Tensor> Expected = Oracle.Read("quantizers.safetensors").Tensors;

    [Theory]
    [InlineData("gumbel", 1, false)]
    [InlineData("gumbel.deep", 2, false)]
    [InlineData("gumbel.combined", 1, true)]
    public void Gumbel_values_and_gradients_are_the_references(string name, int depth, bool combined)
    {
        var quantizer = new GumbelQuantizer(Input, new GumbelQuantizerOptions { Groups = Groups, Entries = Entries, Dim = Dim, LogitDepth = depth, Combined = combined });
        SpeechOracle.Fill(quantizer);
        Tensor x = Filled(new Shape(Rows, Input), 3000, 2);
        Tensor noise = Tensor.From(Hashed.Singles(Rows * Groups * Entries, 3001, 2), new Shape(Rows * Groups, Entries));

        using Scope scope = Scope.Gradient();
        GumbelQuantized drawn = quantizer.Forward(x, 0.7f, noise);
        Oracle.AssertClose(Expected[$"{name}.drawn"].Span, drawn.Values.Span, 1e-5);
        scope.Backward(Ops.Add(Ops.Sum(Ops.Multiply(drawn.Values, Tensor.From(Hashed.Singles(Rows * Dim, 3002), new Shape(Rows, Dim)))), drawn.Diversity));
        Oracle.AssertClose(Expected[$"{name}.x_gradient"].Span, x.GradientSpan, 1e-5);
        SpeechOracle.AssertGradients(Expected[$"{name}.gradients"], quantizer);

        using Scope evaluation = Scope.NoGradient();
        quantizer.Eval();
        GumbelQuantized best = quantizer.Forward(x.Detach().Reshape(1, Rows, Input), 0.7f);
        Assert.Equal(new Shape(1, Rows, Dim), best.Values.Shape);
        Oracle.AssertClose(Expected[$"{name}.values"].Span, best.Values.Span, 1e-6);
        Assert.Equal(Expected[$"{name}.codes"].ToArray(), best.Codes.Select(code => (float)code));
        Oracle.AssertClose(Expected[$"{name}.perplexities"].Span, [best.Perplexity.ToScalar(), (float)best.HardPerplexity], 1e-5);
    }

    [Theory]
    [InlineData("kmeans", false)]
    [InlineData("kmeans.combined", true)]
    public void K_means_values_and_gradients_are_the_references(string name, bool combined)
    {
        const int frames = 5;
        int[] lengths = [5, 3];
        var quantizer = new KMeansQuantizer(Dim, Groups, Entries, combined);
        SpeechOracle.Fill(quantizer);
        Tensor x = Filled(new Shape(2, frames, Dim), 3003, 1);

        using Scope scope = Scope.Gradient();
        KMeansQuantized y = quantizer.Forward(x, lengths);
        Oracle.AssertClose(Expected[$"{name}.values"].Span, SpeechOracle.Real(y.Values, lengths), 1e-6);
        Assert.Equal(new float[2 * Dim], y.Values.ToArray()[^(2 * Dim)..]);
        Assert.Equal(Expected[$"{name}.codes"].ToArray(), y.Codes[..(8 * Groups)].Select(code => (float)code));
        Oracle.AssertClose(Expected[$"{name}.loss"].Span, y.Loss.Span, 1e-5);
        Oracle.AssertClose(Expected[$"{name}.perplexity"].Span, [(float)y.HardPerplexity], 1e-5);

        scope.Backward(Ops.Add(Ops.Sum(Ops.Multiply(y.Values, Tensor.From(Hashed.Singles(2 * frames * Dim, 3004), y.Values.Shape))), y.Loss));
        Oracle.AssertClose(Expected[$"{name}.x_gradient"].Span, x.GradientSpan, 1e-5);
        SpeechOracle.AssertGradients(Expected[$"{name}.gradients"], quantizer);
    }

    /// <summary>Of four heaps of rows in each group the entries are the heaps' means, and a row's logits those of Gaussians of one variance around them.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_gumbel_quantiser_may_begin_from_what_it_quantises(int depth)
    {
        (float[] rows, int[] heaps, double variance) = Heaps();
        var quantizer = new GumbelQuantizer(4, new GumbelQuantizerOptions { Groups = 2, Entries = 4, Dim = 4, LogitDepth = depth });
        quantizer.Initialize(1);
        using Scope scope = Scope.NoGradient();
        Tensor x = Tensor.From(rows, new Shape(rows.Length / 4, 4));
        quantizer.Begin(x, 3);
        quantizer.Eval();
        GumbelQuantized found = quantizer.Forward(x, 1);
        for (int i = 0; i < heaps.Length; i++)
        {
            Assert.Equal(Mean(heaps[i], i % 2), [found.Values[i / 2, 2 * (i % 2)], found.Values[i / 2, (2 * (i % 2)) + 1]], (a, b) => Math.Abs(a - b) < 1e-4);
        }

        Dictionary<string, Tensor> named = quantizer.NamedParameters().ToDictionary(pair => pair.Key, pair => pair.Value);
        string last = depth == 1 ? "weight_proj" : "weight_proj.1";
        Tensor books = named["codevectors"];
        for (int code = 0; code < 8; code++)
        {
            double square = (books[0, code, 0] * books[0, code, 0]) + (books[0, code, 1] * books[0, code, 1]);
            Assert.Equal(-square / 2 / variance, named[$"{last}.bias"][code], 1e-3 * Math.Max(1, square / variance));
        }
    }

    [Fact]
    public void A_k_means_quantiser_may_begin_from_what_it_quantises()
    {
        (float[] rows, _, _) = Heaps();
        var quantizer = new KMeansQuantizer(4, 2, 4);
        quantizer.Initialize(1);
        using Scope scope = Scope.NoGradient();
        Tensor x = Tensor.From(rows, new Shape(1, rows.Length / 4, 4));
        double before = quantizer.Forward(x).Loss.ToScalar();
        quantizer.Begin(x, [rows.Length / 4], 3);
        KMeansQuantized found = quantizer.Forward(x);
        Assert.Equal(8, found.HardPerplexity, 0.1);
        Assert.True(found.Loss.ToScalar() < before / 50, $"{before} to {found.Loss.ToScalar()}");

        // Fewer frames than entries say nothing.
        var untouched = new KMeansQuantizer(4, 2, 4);
        untouched.Initialize(1);
        untouched.Begin(Tensor.From(rows.AsSpan(0, 12), new Shape(1, 3, 4)), [3], 3);
        Assert.Equal(before, untouched.Forward(x).Loss.ToScalar(), 1e-9);
    }

    /// <summary>64 rows of two groups of two numbers; which heap each group of a row is of; the mean square from the heap's mean.</summary>
    private static (float[] Rows, int[] Heaps, double Variance) Heaps()
    {
        int[] heaps = [.. Enumerable.Range(0, 128).Select(i => i % 2 == 0 ? i / 2 % 4 : i / 8 % 4)];
        float[] rows = [.. heaps.SelectMany((heap, i) => new[] { Mean(heap, i % 2)[0] + (i / 32 % 2 == 0 ? 0.1f : -0.1f), Mean(heap, i % 2)[1] })];
        double[] off = [.. Enumerable.Range(0, 8).SelectMany(code =>
        {
            int[] own = [.. Enumerable.Range(0, 128).Where(i => i % 2 == code / 4 && heaps[i] == code % 4)];
            double mean = own.Average(i => rows[2 * i]);
            return own.Select(i => (rows[2 * i] - mean) * (rows[2 * i] - mean));
        })];
        return (rows, heaps, off.Sum() / rows.Length);
    }

    private static float[] Mean(int heap, int group) => [(heap % 2 * 4) - 2 + group, (heap / 2 * 4) - 2];

    /// <summary>The two numbers are those of Hugging Face's tests.</summary>
    [Fact]
    public void Perplexities_are_the_published_ones()
    {
        Tensor choices = Tensor.From([.. Enumerable.Range(0, 100).Select(i => i / 100f)], new Shape(2, 5, 10));

        Assert.Equal(141.4291, CodePerplexity.Of(choices).ToScalar(), 1e-3);
        Assert.Equal(58.6757, CodePerplexity.Of(choices, [false, true]).ToScalar(), 1e-3);
    }

    [Fact]
    public void Perplexity_counts_the_entries_in_use()
    {
        // Group 0 uses 4 entries alike, group 1 one of them: 4 + 1.
        Assert.Equal(5, CodePerplexity.Of([0, 2, 1, 2, 2, 2, 3, 2], 2, 4), 1e-4);
        Assert.Equal(0, CodePerplexity.Of([], 2, 4));
    }

    [Fact]
    public void Draws_are_entries_and_come_as_often_as_they_are_likely()
    {
        var quantizer = new GumbelQuantizer(1, new GumbelQuantizerOptions { Groups = 1, Entries = 3, Dim = 2 });
        quantizer.Load(new Dictionary<string, Tensor>
        {
            ["codevectors"] = Tensor.From([0.1f, 0.2f, 0.3f, 0.4f, 0.5f, 0.6f], new Shape(1, 3, 2)),
            ["weight_proj.weight"] = Tensor.Zeros(new Shape(3, 1)),
            ["weight_proj.bias"] = Tensor.From([MathF.Log(0.6f), MathF.Log(0.3f), MathF.Log(0.1f)], new Shape(3)),
        });
        const int draws = 20_000;
        using Scope scope = Scope.NoGradient();
        GumbelQuantized y = quantizer.Forward(Tensor.Zeros(new Shape(draws, 1)), 2);

        for (int k = 0; k < 3; k++)
        {
            double p = new[] { 0.6, 0.3, 0.1 }[k];
            Assert.InRange(y.Codes.Count(code => code == k) / (double)draws, p - (4.5 * Math.Sqrt(p * (1 - p) / draws)), p + (4.5 * Math.Sqrt(p * (1 - p) / draws)));
        }

        for (int i = 0; i < 100; i++)
        {
            Assert.Equal([0.1f + (0.2f * y.Codes[i])], [y.Values[i, 0]], (a, b) => Math.Abs(a - b) < 1e-6);
        }

        Assert.NotEqual(y.Codes, quantizer.Forward(Tensor.Zeros(new Shape(draws, 1)), 2).Codes);
    }

    [Fact]
    public void The_temperature_reaches_its_floor_where_published()
    {
        var temperature = new GumbelTemperature();
        Assert.Equal(2, temperature.At(0));
        Assert.True(temperature.At(277_200) > 0.5f);
        Assert.Equal(0.5f, temperature.At(277_259));
        Assert.Equal(0.1f, new GumbelTemperature(Floor: 0.1).At(599_146));
    }

    [Fact]
    public void Published_sizes_have_the_published_parameters()
    {
        Assert.Equal(81_920 + 328_320, new GumbelQuantizer(512, GumbelQuantizerOptions.Wav2Vec2).ParameterCount);
        Assert.Equal((640 * 256) + (512 * 1024) + 1024 + (1024 * 640) + 640, new GumbelQuantizer(512, GumbelQuantizerOptions.VqWav2Vec).ParameterCount);
        Assert.Equal(["codevectors", "weight_proj.0.0.weight", "weight_proj.0.0.bias", "weight_proj.1.weight", "weight_proj.1.bias"],
            new GumbelQuantizer(4, GumbelQuantizerOptions.VqWav2Vec).NamedParameters().Select(pair => pair.Key));
        Assert.Throws<TacitException>(() => new GumbelQuantizer(4, new GumbelQuantizerOptions { Groups = 3, Dim = 8 }));
        Assert.Throws<TacitException>(() => new KMeansQuantizer(8, groups: 3));
    }

    private static Tensor Filled(Shape shape, int salt, double scale)
    {
        Tensor x = Tensor.Parameter(shape);
        Hashed.Singles(shape.Length, salt, scale).CopyTo(x.Span);
        return x;
    }
}
