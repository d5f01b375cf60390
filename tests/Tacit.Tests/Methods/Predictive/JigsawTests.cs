using Tacit.Data.Loading;
using Tacit.Methods;
using Tacit.Models;
using Xunit;

namespace Tacit.Tests.Methods.Predictive;

public sealed class JigsawTests
{
    private static readonly Batch Pictures = Trial.Pictures(6, 24);

    [Fact]
    public void UniformAnswersCostTheLogarithmOfTheirNumber() => Pretext.UniformAnswersCostTheLogarithmOfTheirNumber(Make(), Pictures, "head.3", 100);

    [Fact]
    public void AnswersAreLearned() => Pretext.AnswersAreLearned(Make(), Pictures);

    [Fact]
    public void QuestionsAreAFunctionOfSeedAndStep() => Pretext.QuestionsAreAFunctionOfSeedAndStep(Make(), Pictures);

    [Fact]
    public void ItsStateIsAllThereIs() => Trial.StateRoundTrips(seed => Make(seed), Pictures);

    [Fact]
    public void WhatCannotBeCutIsRefused() => Pretext.WhatCannotBeCutIsRefused(Jigsaw.Entry, "tile-size", 15);

    [Theory]
    [InlineData("1")]
    [InlineData("362881")]
    public void ImpossibleNumbersOfPermutationsAreRefused(string count) => Assert.Contains(
        "permutations", Assert.Throws<ConfigurationException>(() => Jigsaw.Entry.Options.Set(Jigsaw.Entry.Defaults, "permutations", count)).Message, StringComparison.Ordinal);

    /// <summary>A vision transformer takes the tiles too, in whole patches of its own.</summary>
    [Fact]
    public void AVisionTransformerSolvesPuzzles()
    {
        BackboneOptions vit = Trial.SmallVit with { PatchSize = 5, Side = 15 };
        Jigsaw method = Trial.Start(b => new Jigsaw(b, new JigsawOptions { Permutations = 4, Hidden = 8 }), vit);
        Assert.InRange(Trial.Look(method, Pictures).Loss, 0, 5);
    }

    private static Jigsaw Make(ulong seed = 1) => Trial.Start(b => new Jigsaw(b, new JigsawOptions()), seed: seed);
}
