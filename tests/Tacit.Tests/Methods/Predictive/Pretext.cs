using Tacit.Data.Loading;
using Tacit.Methods;
using Xunit;

namespace Tacit.Tests.Methods.Predictive;

/// <summary>What holds for every method that predicts one of some answers.</summary>
internal static class Pretext
{
    /// <summary>All answers alike, from a last layer of zeros, cost the logarithm of their number, which is chance.</summary>
    public static void UniformAnswersCostTheLogarithmOfTheirNumber(Method method, Batch batch, string head, int answers)
    {
        Trial.Silence(method, head);
        Assert.Equal(Math.Log(answers), Trial.Look(method, batch).Loss, 1e-5);
        Assert.Equal(Math.Log(answers), method.ChanceLoss(batch.Size)!.Value, 1e-12);
    }

    /// <summary>Twenty steps on one batch, asked the same each time, take the loss from near chance to a share of what it was.</summary>
    public static void AnswersAreLearned(Method method, Batch batch, double share = 0.7)
    {
        double[] losses = Trial.Steps(method, batch, optimizer: Trial.Sgd(0.05), still: true);
        double chance = method.ChanceLoss(batch.Size)!.Value;
        Assert.InRange(losses[0], 0.3 * chance, 3 * chance);
        Assert.True(losses[^1] < share * losses[0], $"from {losses[0]} to {losses[^1]}");
    }

    /// <summary>Questions change with the step and are the same for the same step.</summary>
    public static void QuestionsAreAFunctionOfSeedAndStep(Method method, Batch batch)
    {
        double first = Loss(1, 0);
        Assert.Equal(first, Loss(1, 0));
        Assert.NotEqual(first, Loss(1, 1));
        Assert.NotEqual(first, Loss(2, 0));

        double Loss(ulong seed, long step) => Trial.Look(method, batch, seed, step).Loss;
    }

    /// <summary>Pictures too small for the grid are refused, and parts of a side that the encoder cannot cut.</summary>
    /// <param name="key">Of the parts' side, without its section.</param>
    /// <param name="least">The least side of a picture.</param>
    public static void WhatCannotBeCutIsRefused(MethodEntry entry, string key, int least)
    {
        string refusal = Trial.Refusal(entry.Defaults, sides: [least - 1]);
        Assert.StartsWith("data.size: ", refusal, StringComparison.Ordinal);
        Assert.Contains($"give at least {least}", refusal, StringComparison.Ordinal);
        Assert.Same(entry.Defaults, Trial.Fit(entry.Defaults, sides: [least]).Options);

        MethodOptions options = entry.Options.Set(entry.Defaults, key, "14");
        Assert.StartsWith($"method.{key}: 14 pixels", Trial.Refusal(options, Trial.SmallVit), StringComparison.Ordinal);
        Assert.Same(options, Trial.Fit(options).Options);
    }
}
