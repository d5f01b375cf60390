namespace Tacit.Evaluation;

/// <summary>One row of an evaluation: how well one frozen encoder does under one protocol.</summary>
/// <param name="Encoder">A run's name, an encoder file's name, <c>raw</c>, or <c>random:BACKBONE</c>; with <c>@LAYER</c> where a layer other than the last was asked for.</param>
/// <param name="Task">What was told apart: the name of the data.</param>
/// <param name="Protocol"><c>knn</c> or <c>linear</c>.</param>
/// <param name="Metric"><c>accuracy</c>, a fraction.</param>
/// <param name="Value">The metric over the test items.</param>
/// <param name="Low">Lower end of the 95 % bootstrap interval over test items.</param>
/// <param name="High">Upper end of the 95 % bootstrap interval over test items.</param>
/// <param name="N">How many test items.</param>
public sealed record EvaluationResult(string Encoder, string Task, string Protocol, string Metric, double Value, double Low, double High, int N);
