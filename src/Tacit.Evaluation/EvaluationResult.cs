using System.Text.Json.Serialization;

namespace Tacit.Evaluation;

/// <summary>One row of an evaluation: how well one encoder does under one protocol.</summary>
/// <param name="Encoder">
/// A run's name, an encoder file's name, <c>raw</c>, <c>random:BACKBONE</c>, or <c>scratch:BACKBONE</c>, the same untrained network once it
/// has learned from the labels alone; with <c>@LAYER</c> where a layer other than the last was asked for.
/// </param>
/// <param name="Task">What was told apart: the name of the data.</param>
/// <param name="Protocol"><c>knn</c>, <c>linear</c> or <c>finetune</c>.</param>
/// <param name="Metric"><c>accuracy</c>, a fraction.</param>
/// <param name="Value">The metric over the test items; of several draws of labels the mean over the draws.</param>
/// <param name="Low">Lower end of the 95 % bootstrap interval over test items, each with its mean over the draws: it tells how sure the test set makes the value, and <see cref="Spread"/> how much the choice of labels moves it.</param>
/// <param name="High">Upper end of the same interval.</param>
/// <param name="N">How many test items.</param>
public sealed record EvaluationResult(string Encoder, string Task, string Protocol, string Metric, double Value, double Low, double High, int N)
{
    /// <summary>How many draws of labels the value is the mean over; null for one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Draws { get; init; }

    /// <summary>The standard deviation of the value over the draws; null for one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Spread { get; init; }
}
