using Tacit.Data.Loading;
using Tacit.Methods;
using Xunit;

namespace Tacit.Tests.Methods.Predictive;

public sealed class ContextPredictionTests
{
    private static readonly Batch Pictures = Trial.Pictures(6, 24);

    [Fact]
    public void UniformAnswersCostTheLogarithmOfTheirNumber() => Pretext.UniformAnswersCostTheLogarithmOfTheirNumber(Make(), Pictures, "head.3", 8);

    [Fact]
    public void AnswersAreLearned() => Pretext.AnswersAreLearned(Make(), Pictures);

    [Fact]
    public void QuestionsAreAFunctionOfSeedAndStep() => Pretext.QuestionsAreAFunctionOfSeedAndStep(Make(), Pictures);

    [Fact]
    public void ItsStateIsAllThereIs() => Trial.StateRoundTrips(seed => Make(seed), Pictures);

    [Fact]
    public void WhatCannotBeCutIsRefused() => Pretext.WhatCannotBeCutIsRefused(ContextPrediction.Entry, "patch-size", 18);

    [Fact]
    public void TheColourGuardIsAnOption()
    {
        MethodEntry entry = ContextPrediction.Entry;
        foreach (ColourGuard guard in Enum.GetValues<ColourGuard>())
        {
            var options = (ContextPredictionOptions)entry.Options.Set(entry.Defaults, "colour-guard", guard.ToString());
            Assert.Equal(guard, options.ColourGuard);
        }
    }

    private static ContextPrediction Make(ulong seed = 1) => Trial.Start(b => new ContextPrediction(b, new ContextPredictionOptions()), seed: seed);
}
