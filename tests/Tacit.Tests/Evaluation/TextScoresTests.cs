using System.Text;
using Tacit.Data.Text;
using Tacit.Evaluation;
using Tacit.Methods;
using Tacit.Models;
using Tacit.Tests.Methods;
using Tacit.Tests.Models;
using Xunit;

namespace Tacit.Tests.Evaluation;

public sealed class TextScoresTests
{
    private static readonly BytePairTokenizer Tokenizer = BytePairTokenizer.Train(["banana bandana ananas banana"u8.ToArray()], 260);
    private static readonly BackboneOptions Model = new() { Name = BackboneFactory.TokenTransformer, Vocabulary = Tokenizer.Vocabulary, Length = 8, Dim = 16, Depth = 1, Heads = 2 };

    /// <summary>One that tells nothing needs log₂ V bits a token, and every token but the first is told once.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(61)]
    public void EveryTokenIsToldOnce(int count)
    {
        Gpt method = Trial.Start(b => new Gpt(b), Model with { Causal = true });
        Trial.Silence(method, "backbone.token_embedding");
        int[] tokens = [.. Enumerable.Range(0, count).Select(i => 250 + (i % 10))];
        (double Bits, int Bytes)[] pieces = TextScores.NextToken(method, tokens, Tokenizer);

        Assert.Equal((count - 1) * Math.Log2(Tokenizer.Vocabulary), pieces.Sum(p => p.Bits), 1e-3);
        Assert.Equal(tokens.Skip(1).Sum(t => Tokenizer.TokenBytes[t]), pieces.Sum(p => p.Bytes));
    }

    /// <summary>A whole text that fits into the window costs what the method's own loss says.</summary>
    [Fact]
    public void BitsAreThoseOfTheLoss()
    {
        Gpt method = Trial.Start(b => new Gpt(b), Model with { Causal = true });
        ModelOracle.Fill(method);
        int[] tokens = [1, 2, 3, 250, 259];
        var batch = new Tacit.Data.Loading.Batch(Tacit.Tensors.Tensor.From([1, 2, 3, 250, 259], new Tacit.Tensors.Shape(1, 5)), 1, [0], null);
        Assert.Equal(Trial.Look(method, batch).Loss * 4 / Math.Log(2), TextScores.NextToken(method, tokens, Tokenizer).Sum(p => p.Bits), 1e-4);
    }

    [Fact]
    public void HiddenWordsAreToldOneAText()
    {
        Bert method = Trial.Start(b => new Bert(b, new BertOptions()), Model);
        ModelOracle.Fill(method);
        float[][] both = TextScores.FillIn(method, [[1, 2, 3, 4, 5], [9, 8]], [2, 1]);
        Assert.Equal(2, both.Length);
        Assert.All(both, row => Assert.Equal(1, row.Sum(), 1e-4));

        // What stood there is not seen, what stands beside it is; padding is not.
        Oracle.AssertWithin(both[0], TextScores.FillIn(method, [[1, 2, 77, 4, 5]], [2])[0], 1e-6);
        Oracle.AssertWithin(both[1], TextScores.FillIn(method, [[9, 8]], [1])[0], 1e-6);
        Assert.NotEqual(both[0], TextScores.FillIn(method, [[1, 2, 77, 6, 5]], [2])[0]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AStateKnowsWhatIsAroundAndNotWhatIsThere(bool causal)
    {
        var model = (TokenTransformer)BackboneFactory.Create(Model with { Causal = causal }, 1);
        ModelOracle.Fill(model);
        float[] state = TextScores.StatesAt(model, [[1, 2, 3, 4], [5, 6]], [2, 1]).ToArray();
        Assert.Equal(state, TextScores.StatesAt(model, [[1, 2, 77, 4], [5, 99]], [2, 1]).ToArray());
        Assert.NotEqual(state[..16], TextScores.StatesAt(model, [[1, 7, 3, 4]], [2]).ToArray());
        Assert.Equal(causal, state.AsSpan()[..16].SequenceEqual(TextScores.StatesAt(model, [[1, 2, 3, 7]], [2]).ToArray()));
        Assert.Equal([0, 0.5f, 0.25f, 0.25f, 0, 0, 0, 1], TextScores.BagOfTokens([[1, 3, 2, 1], [3]], 4).ToArray());
    }

    [Fact]
    public void FrequenciesAndGzipAreWhatTheyAre()
    {
        Assert.Equal([3.0 / 7, 1.0 / 7, 2.0 / 7, 1.0 / 7], TextScores.Frequencies([0, 2, 0], 4));
        Assert.InRange(TextScores.Gzip(Encoding.UTF8.GetBytes(new string('a', 100_000))), 0, 0.02);
    }
}
