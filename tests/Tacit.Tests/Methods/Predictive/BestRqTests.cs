using Tacit.Data.Loading;
using Tacit.Methods;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods.Predictive;

public sealed class BestRqTests
{
    private const int Codes = 11;

    private static readonly BestRqOptions Options = new() { Codes = Codes, CodeDim = 4, MaskStart = 0.3, MaskLength = 2 };

    /// <summary>The nearest of the codes by torch.cdist, of four frames a row.</summary>
    [Fact]
    public void CodesAreTheNearestByTorch()
    {
        OrderedDictionary<string, Tensor> expected = Oracle.Read("speech-hidden.safetensors").Tensors;
        BestRq method = Make(Options);
        Hashed.Singles(32 * 4, 701).CopyTo(method.StateDict()["quantizer.projection"].Span);
        using (Scope scope = Scope.NoGradient())
        {
            Ops.L2Normalize(Tensor.From(Hashed.Singles(Codes * 4, 702), new Shape(Codes, 4))).Span.CopyTo(method.StateDict()["quantizer.codebook"].Span);
        }

        Tensor frames = Tensor.From(Hashed.Singles(2 * 30 * 8, 700), new Shape(2, 30, 8));
        Assert.Equal(expected["bestrq.codes"].ToArray(), method.Codes(frames, [.. Enumerable.Range(0, 14)], 7).Select(code => (float)code));
    }

    /// <summary>The codebook begins with rows of length 1, is a function of the seed, and no step changes it or the projection.</summary>
    [Fact]
    public void TheQuantizerStaysAsItBegan()
    {
        BestRq method = Make(Options);
        Tensor book = method.StateDict()["quantizer.codebook"];
        Assert.All(Enumerable.Range(0, Codes), i => Assert.Equal(1, book.Rows(i, 1).ToArray().Sum(v => (double)v * v), 1e-5));
        float[] before = [.. book.ToArray(), .. method.StateDict()["quantizer.projection"].ToArray()];
        Trial.Steps(method, Frames(), 2);
        float[] after = [.. book.ToArray(), .. method.StateDict()["quantizer.projection"].ToArray()];
        Assert.Equal(before, after);
        Assert.Equal(before[..book.Length], Make(Options).StateDict()["quantizer.codebook"].ToArray());
        Assert.NotEqual(before[..book.Length], Make(Options, 2).StateDict()["quantizer.codebook"].ToArray());
    }

    /// <summary>Codes are of the frames as they are: what is hidden, by which step or seed, changes none.</summary>
    [Fact]
    public void CodesDoNotDependOnTheMask()
    {
        BestRq method = Make(Options);
        Batch batch = Frames();
        int[] rows = [.. Enumerable.Range(0, 14)];
        int[] before = method.Codes(batch.Views, rows, 7);
        float[] frames = batch.Views.ToArray();
        Trial.Look(method, batch, 5, 6);
        Assert.Equal(frames, batch.Views.ToArray());
        Assert.Equal(before, method.Codes(batch.Views, rows, 7));
    }

    [Fact]
    public void UniformAnswersCostTheLogarithmOfTheirNumber() => Pretext.UniformAnswersCostTheLogarithmOfTheirNumber(Make(Options), Frames(), "head", Codes);

    [Fact]
    public void AnswersAreLearned() => Pretext.AnswersAreLearned(Make(Options), Frames(), 0.9);

    [Fact]
    public void QuestionsAreAFunctionOfSeedAndStep() => Pretext.QuestionsAreAFunctionOfSeedAndStep(Make(Options), Frames());

    [Fact]
    public void ItsStateIsAllThereIs() => Trial.StateRoundTrips(seed => Make(Options, seed), Frames());

    /// <summary>What stands in padding changes neither loss nor what is told.</summary>
    [Fact]
    public void PaddingChangesNothing()
    {
        BestRq method = Make(Options);
        Batch batch = Frames();
        double loss = Trial.Look(method, batch).Loss;
        batch.Views.Span[^(3 * 8)..].Fill(100);     // of the second recording, 22 frames of which are real
        Assert.Equal(loss, Trial.Look(method, batch).Loss, 1e-6);
    }

    /// <summary>Spans of 4 that begin at 0.15 of the states: 1 − 0.85⁴ = 0.478 where there are many, each utterance's its own.</summary>
    [Fact]
    public void TheHiddenShareIsAsTheSpansSay()
    {
        var random = new RandomSequence(1, 2, 3);
        bool[] hidden = new BestRqOptions().Mask.Draw([.. Enumerable.Repeat(500, 40)], 500, ref random);
        Assert.InRange(hidden.Count(h => h) / 20000.0, 0.46, 0.495);
        Assert.NotEqual(hidden[..500], hidden[500..1000]);
    }

    [Fact]
    public void WhatCannotWorkIsRefusedAndDefaultsAdapt()
    {
        Assert.Contains("best-rq works with conformer", Assert.Throws<ConfigurationException>(() => Trial.Start(b => new BestRq(b, Options), Trial.SmallResNet)).Message, StringComparison.Ordinal);
        Assert.Contains("model.name", Assert.Throws<ConfigurationException>(() => Options.FitTo(HiddenFrames.Fit())).Message, StringComparison.Ordinal);
        Assert.Contains("data.crop", Assert.Throws<ConfigurationException>(() => Options.FitTo(HiddenFrames.Fit(seconds: 0.1, model: HiddenFrames.Conformer))).Message, StringComparison.Ordinal);
        var notes = new List<string>();
        Assert.Equal(1, ((BestRqOptions)new BestRqOptions().FitTo(HiddenFrames.Fit(seconds: 0.3, notes: notes, model: HiddenFrames.Conformer))).MaskLength);     // 28 frames, 6 states
        Assert.Contains("6 states", Assert.Single(notes), StringComparison.Ordinal);
    }

    private static BestRq Make(BestRqOptions options, ulong seed = 1) => Trial.Start(b => new BestRq(b, options), HiddenFrames.Conformer, seed);

    /// <summary>Two recordings of 31 and 22 frames: 7 and 4 states.</summary>
    private static Batch Frames()
    {
        Tensor frames = Tensor.Lasting(new Shape(2, 31, 8));
        Hashed.Singles(frames.Length, 710).CopyTo(frames.Span);
        return new Batch(frames, 1, [0, 1], null) { Lengths = [31, 22], Starts = [0, 0] };
    }
}
