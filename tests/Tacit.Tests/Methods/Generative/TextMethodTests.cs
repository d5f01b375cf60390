using Tacit.Data.Loading;
using Tacit.Methods;
using Tacit.Models;
using Tacit.Tensors;
using Tacit.Tests.Models;
using Xunit;

namespace Tacit.Tests.Methods.Generative;

public sealed class TextMethodTests
{
    private const int Vocabulary = 12;

    private static readonly BackboneOptions Model = new() { Name = BackboneFactory.TokenTransformer, Vocabulary = Vocabulary, Length = 8, Dim = 16, Depth = 2, Heads = 2 };
    private static readonly int[] Tokens = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 12, 12, 11, 0, 12, 12, 12, 12, 12];

    /// <summary>tests/oracle/make_text.py: loss and every parameter's gradient, the tied embedding's included.</summary>
    [Fact]
    public void Gpts_loss_and_gradients_are_PyTorchs()
    {
        var expected = Oracle.Read("text.safetensors").Tensors;
        Gpt method = MakeGpt();
        ModelOracle.Fill(method);
        Batch batch = Texts();
        using Scope scope = Scope.Gradient();
        Tensor logits = method.Logits(Tokens, 3, batch.Lengths, [0, 1, 2, 3, 4, 5, 6]), loss = method.Loss(batch, new Diagnostics());
        scope.Backward(loss);
        Oracle.AssertClose(expected["gpt.logits"].Span, logits.Span, 1e-5);
        Assert.Equal(expected["gpt.loss"].ToScalar(), loss.ToScalar(), 1e-5);
        ModelOracle.AssertGradients(expected["gpt.gradients"], method);
    }

    [Fact]
    public void Berts_loss_and_gradients_are_PyTorchs()
    {
        var expected = Oracle.Read("text.safetensors").Tensors;
        Bert method = MakeBert();
        ModelOracle.Fill(method);
        int[] places = [1, 5, 8, 11, 15], seen = [.. Tokens];
        foreach (int place in places)
        {
            seen[place] = Vocabulary + 1;
        }

        using Scope scope = Scope.Gradient();
        Tensor logits = method.Logits(seen, 3, Texts().Lengths, places);
        Tensor loss = Ops.CrossEntropy(logits, [.. places.Select(p => Tokens[p])]);
        scope.Backward(loss);
        Oracle.AssertClose(expected["bert.logits"].Span, logits.Span, 1e-5);
        Assert.Equal(expected["bert.loss"].ToScalar(), loss.ToScalar(), 1e-5);
        ModelOracle.AssertGradients(expected["bert.gradients"], method);
    }

    [Theory]
    [InlineData("bert")]
    [InlineData("gpt")]
    public void One_that_tells_nothing_pays_the_logarithm_of_its_vocabulary(string name)
    {
        Method method = Make(name);
        Trial.Silence(method, "backbone.token_embedding");
        (double loss, Diagnostics found) = Trial.Look(method, Texts());
        Assert.Equal(Math.Log(Vocabulary), loss, 1e-5);
        Assert.Equal(Vocabulary, found["perplexity"]!.Value, 1e-3);
        Assert.Equal(Math.Log(Vocabulary), method.ChanceLoss(3)!.Value, 1e-12);

        // Each token stands for two bytes.
        Assert.Equal(Math.Log2(Vocabulary) / 2, found["bits_per_byte"]!.Value, 1e-5);
        Assert.InRange(found["accuracy"]!.Value, 0, 1);
    }

    [Theory]
    [InlineData("bert")]
    [InlineData("gpt")]
    public void It_learns_one_batch(string name)
    {
        double[] losses = Trial.Steps(Make(name), Texts(), steps: 40, still: true);
        Assert.True(losses[^1] < 0.5 * losses[0], $"from {losses[0]} to {losses[^1]}");
    }

    [Theory]
    [InlineData("bert")]
    [InlineData("gpt")]
    public void Its_state_is_all_there_is(string name) => Trial.StateRoundTrips(seed => Make(name, seed), Texts());

    /// <summary>Of 64,000 tokens 15 %, of which 80, 10 and 10 of 100 within four deviations; a random token is the same one in V times.</summary>
    [Fact]
    public void Bert_hides_replaces_and_shows_as_published()
    {
        const int Items = 1000, Length = 64, Kinds = 500;
        int[] tokens = [.. Enumerable.Range(0, Items * Length).Select(i => i * 7 % Kinds)], lengths = [.. Enumerable.Range(0, Items).Select(i => 2 + (i % 63))], before = [.. tokens];
        var random = new RandomSequence(1, 2, 3);
        int[] places = Bert.Hide(tokens, lengths, Length, Kinds, new BertOptions(), ref random);

        Assert.Equal(lengths.Sum(l => Math.Max(1, (int)Math.Round(0.15 * l))), places.Length);
        Assert.Equal(places.Length, places.Distinct().Count());
        Assert.All(places, place => Assert.True(place % Length < lengths[place / Length]));
        Assert.All(Enumerable.Range(0, tokens.Length).Except(places), place => Assert.Equal(before[place], tokens[place]));
        double hidden = places.Count(p => tokens[p] == Kinds + 1), shown = places.Count(p => tokens[p] == before[p]), m = places.Length;
        Assert.InRange(hidden / m, 0.8 - (4 * Math.Sqrt(0.16 / m)), 0.8 + (4 * Math.Sqrt(0.16 / m)));
        double kept = 0.1 + (0.1 / Kinds);
        Assert.InRange(shown / m, kept - (4 * Math.Sqrt(0.09 / m)), kept + (4 * Math.Sqrt(0.09 / m)));
        Assert.DoesNotContain(Kinds, places.Select(p => tokens[p]));

        // Every place of a text is as likely as another: the first as often as 15 % of the texts that are long enough to tell.
        Assert.InRange(places.Count(p => p % Length == 0) / (double)Items, 0.12, 0.24);
    }

    [Fact]
    public void What_cannot_be_is_refused()
    {
        Assert.Contains("model.causal", Trial.Refusal(new BertOptions(), Model with { Causal = true }), StringComparison.Ordinal);
        Assert.Contains("model.causal", Trial.Refusal(new GptOptions(), Model), StringComparison.Ordinal);
        Assert.Contains("model.name", Trial.Refusal(new GptOptions()), StringComparison.Ordinal);
        Assert.Contains("method.random-share", Assert.Throws<ConfigurationException>(() => new BertOptions { HiddenShare = 0.9, RandomShare = 0.2 }.Validate()).Message, StringComparison.Ordinal);
    }

    private static Batch Texts()
    {
        Tensor views = Tensor.Lasting(new Shape(3, 7));
        for (int i = 0; i < Tokens.Length; i++)
        {
            views.Span[i] = Tokens[i];
        }

        return new Batch(views, 1, [0, 1, 2], null) { Lengths = [7, 5, 2], TokenBytes = [.. Enumerable.Repeat(2, Vocabulary)] };
    }

    private static Method Make(string name, ulong seed = 1) => name == "bert" ? MakeBert(seed) : MakeGpt(seed);

    private static Bert MakeBert(ulong seed = 1) => Trial.Start(b => new Bert(b, new BertOptions()), Model, seed);

    private static Gpt MakeGpt(ulong seed = 1) => Trial.Start(b => new Gpt(b), Model with { Causal = true }, seed);
}
