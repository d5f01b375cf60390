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
