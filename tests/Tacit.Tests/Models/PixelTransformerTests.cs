using Tacit.Models;
using Tacit.Tensors;
using Tacit.Training;
using Xunit;

namespace Tacit.Tests.Models;

public sealed class PixelTransformerTests
{
    private const int Colours = 11, Length = 9;

    private static readonly BackboneOptions Options = new() { Name = "pixel-transformer", Depth = 3, Dim = 16, Heads = 2, Side = 3, Colours = Colours, FeatureLayer = 2 };

    private static readonly int[] Sequences = [.. from n in Enumerable.Range(0, 2) from i in Enumerable.Range(0, Length) select ((7 * i * i) + (3 * i) + n) % Colours];

    [Fact]
    public void Causal_logits_and_gradients_are_the_references()
    {
        OrderedDictionary<string, Tensor> expected = ModelOracle.Read();
        PixelTransformer model = Filled();

        using Scope scope = Scope.Gradient();
        Tensor logits = model.Logits(Sequences, 2, Length, causal: true);
        Oracle.AssertClose(expected["pixels.causal.logits"].Span, logits.Span, 1e-5);
        scope.Backward(Ops.CrossEntropy(logits, Sequences));

        ModelOracle.AssertGradients(expected["pixels.causal.gradients"], model);
    }

    [Fact]
    public void Masked_logits_and_gradients_are_the_references()
    {
        OrderedDictionary<string, Tensor> expected = ModelOracle.Read();
        PixelTransformer model = Filled();
        int[] places = [1, 5, 9, 16];

        using Scope scope = Scope.Gradient();
        Tensor logits = model.Logits(Sequences, 2, Length, causal: false, places);
        Oracle.AssertClose(expected["pixels.masked.logits"].Span, logits.Span, 1e-5);
        scope.Backward(Ops.CrossEntropy(Ops.Gather(logits, places), Array.ConvertAll(places, p => Sequences[p])));

        ModelOracle.AssertGradients(expected["pixels.masked.gradients"], model);
    }

    [Fact]
    public void Features_are_the_middle_blocks_after_the_next_norm()
    {
        PixelTransformer model = Filled();
        Tensor x = model.Pictures(Sequences);

        Assert.Equal(Sequences, model.Tokens(x));
        Assert.Equal("block2", model.FeatureLayer);
        Oracle.AssertClose(ModelOracle.Read()["pixels.features"].Span, model.Forward(x).Span, 1e-5);
        Assert.Equal(model.Forward(x).ToArray(), model.Forward(x, "block2").ToArray());
        model.Causal = false;
        Assert.NotEqual(model.Forward(x, "block1").ToArray(), Filled().Forward(x, "block1").ToArray());
    }

    [Fact]
    public void A_later_colour_changes_no_earlier_logit()
    {
        PixelTransformer model = Filled();
        int[] other = [.. Sequences];
        other[5] = (other[5] + 1) % Colours;

        float[] a = model.Logits(Sequences, 2, Length, causal: true).ToArray(), b = model.Logits(other, 2, Length, causal: true).ToArray();

        Assert.Equal(a[..(6 * Colours)], b[..(6 * Colours)]);                   // place 5 itself is told from 0 to 4
        Assert.NotEqual(a[(6 * Colours)..(7 * Colours)], b[(6 * Colours)..(7 * Colours)]);
        Assert.Equal(a[(9 * Colours)..], b[(9 * Colours)..]);
    }

    [Fact]
    public void A_masked_place_sees_both_sides_but_not_itself()
    {
        PixelTransformer model = Filled();
        float[] At4(int place)
        {
            int[] tokens = Sequences[..Length];
            tokens[place] = (tokens[place] + 1) % Colours;
            return model.Logits(tokens, 1, Length, causal: false, [4]).ToArray()[(4 * Colours)..(5 * Colours)];
        }

        Assert.NotEqual(At4(0), At4(8));
        Assert.NotEqual(At4(4), At4(0));
        Assert.NotEqual(At4(4), At4(8));
        Assert.Equal(model.Logits(Sequences[..Length], 1, Length, causal: false, [4]).ToArray()[(4 * Colours)..(5 * Colours)], At4(4));
    }

    [Fact]
    public void Samples_follow_the_models_own_distribution()
    {
        PixelTransformer model = Filled();
        int[] samples = model.Sample(seed: 1, count: 600);

        Assert.Equal(600 * Length, samples.Length);
        Assert.Equal(samples, model.Sample(seed: 1, count: 600));
        Assert.NotEqual(samples, model.Sample(seed: 2, count: 600));

        // Teacher-forced on what was drawn, the first colour has one distribution and the last one of its own for each sequence:
        // the mean of its probabilities is what the draws must show.
        foreach (int place in new[] { 0, Length - 1 })
        {
            Tensor p = Ops.Softmax(model.Logits(samples, 600, Length, causal: true));
            for (int c = 0; c < Colours; c++)
            {
                double mean = Enumerable.Range(0, 600).Average(n => p[(n * Length) + place, c]);
                double share = Enumerable.Range(0, 600).Average(n => samples[(n * Length) + place] == c ? 1.0 : 0.0);
                Assert.InRange(share - mean, -4.5 * Math.Sqrt(mean / 600) - 1e-3, (4.5 * Math.Sqrt(mean / 600)) + 1e-3);
            }
        }
    }

    [Fact]
    public void Near_zero_temperature_takes_the_likeliest_colour_and_a_prefix_is_kept()
    {
        PixelTransformer model = Filled();
        int[] prefix = [.. Sequences[..4], .. Sequences[9..13]];
        int[] greedy = model.Sample(seed: 5, count: 2, temperature: 1e-4f, prefix: prefix);

        Tensor logits = model.Logits(greedy, 2, Length, causal: true);
        for (int i = 0; i < 2 * Length; i++)
        {
            float[] row = logits.Rows(i, 1).ToArray();
            int place = i % Length;
            Assert.Equal(place < 4 ? prefix[(i / Length * 4) + place] : Array.IndexOf(row, row.Max()), greedy[i]);
        }

        Assert.Throws<TacitException>(() => model.Sample(1, 1, temperature: 0));
        Assert.Throws<ArgumentException>(() => model.Sample(1, 1, prefix: new int[Length]));
    }

    [Fact]
    public void The_nearest_colour_is_found_and_the_lowest_of_equals()
    {
        // Brute force in double over more colours than a vector holds, none of them near a tie.
        Tensor palette = ModelOracle.Numbers(new Shape(37, 3), 1), pixels = ModelOracle.Numbers(new Shape(5, 41, 3), 2);
        int[] tokens = Palette.Nearest(pixels, palette);
        for (int i = 0; i < tokens.Length; i++)
        {
            double Distance(int c) => Enumerable.Range(0, 3).Sum(k => Math.Pow(pixels.Span[(3 * i) + k] - palette[c, k], 2));
            Assert.Equal(Enumerable.Range(0, 37).MinBy(Distance), tokens[i]);
        }

        Tensor equal = Tensor.Full(new Shape(20, 3), 1);
        equal.Rows(0, 3).Span.Fill(4);
        Assert.Equal([3, 0], Palette.Nearest(Tensor.From([0, 0, 0, 3, 3, 3], new Shape(2, 3)), equal));
    }

    [Fact]
    public void Another_side_is_refused()
    {
        PixelTransformer model = Filled();

        Assert.Equal(
            "This pixel transformer takes pictures of 3 × 3 pixels (model.side), not 4 × 3: give data.size=3.",
            Assert.Throws<TacitException>(() => model.Forward(Tensor.Zeros(new Shape(1, 3, 4, 3)))).Message);
        Assert.Contains("no block 4", Assert.Throws<TacitException>(() => BackboneFactory.Build(Options with { FeatureLayer = 4 })).Message, StringComparison.Ordinal);
        Assert.Contains("palette of 1", Assert.Throws<TacitException>(() => BackboneFactory.Build(Options with { Colours = 1 })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => model.Logits(Sequences, 2, 8, causal: true));
    }

    /// <summary>An untrained network is a baseline: its palette must tell pixels apart, and no colour comes twice.</summary>
    [Theory]
    [InlineData(512)]
    [InlineData(100)]
    [InlineData(2)]
    public void The_first_palette_is_spread(int colours)
    {
        Tensor palette = ((PixelTransformer)BackboneFactory.Build(Options with { Colours = colours })).Palette;

        Assert.Equal(colours, Enumerable.Range(0, colours).Select(c => (palette[c, 0], palette[c, 1], palette[c, 2])).Distinct().Count());
        Assert.Equal(-2, palette.ToArray().Min());
        Assert.InRange(palette.ToArray().Max(), 0, 2);
    }

    /// <summary>iGPT-S has 76 million parameters (Chen et al. 2020, table 1); iGPT-L's shape is held, not built.</summary>
    [Fact]
    public void Presets_are_the_published_ones()
    {
        Backbone small = BackboneFactory.Build(ModelOptions.OfPreset("pixel-transformer", "base").Backbone);
        long body = small.NamedParameters().Where(p => p.Key.StartsWith("blocks", StringComparison.Ordinal)).Sum(p => (long)p.Value.Length);
        BackboneOptions large = ModelOptions.OfPreset("pixel-transformer", "large").Backbone;

        Assert.InRange(body, 75_500_000, 76_500_000);
        Assert.Equal("block12", small.FeatureLayer);
        Assert.Equal((48, 1536, 16, 48, 512), (large.Depth, large.Dim, large.Heads, large.Side, large.Colours));
    }

    private static PixelTransformer Filled()
    {
        var model = (PixelTransformer)BackboneFactory.Build(Options);
        ModelOracle.Fill(model);
        return model;
    }
}
