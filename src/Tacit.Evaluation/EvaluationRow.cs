namespace Tacit.Evaluation;

/// <summary>One row of an evaluation, with what paired comparisons need.</summary>
/// <param name="Result">What is printed.</param>
/// <param name="Correct">For each test item, in the same order for every encoder, the share of the draws of labels in which it was right: 1 or 0 where there is one.</param>
/// <param name="Detail">What the protocol used and chose, for people.</param>
public sealed record EvaluationRow(EvaluationResult Result, double[] Correct, string Detail)
{
    /// <summary>The value of each draw of labels.</summary>
    public IReadOnlyList<double> Draws { get; init; } = [Result.Value];

    /// <summary>The row of several draws of labels: their mean.</summary>
    /// <param name="encoder">As results call it.</param>
    /// <param name="task">The name of the data.</param>
    /// <param name="protocol">Its name.</param>
    /// <param name="each">1 or 0 for each test item, a draw each.</param>
    /// <param name="detail">For people.</param>
    /// <param name="seed">Of the interval.</param>
    internal static EvaluationRow Of(string encoder, string task, string protocol, double[][] each, string detail, ulong seed)
    {
        double[] correct = [.. Enumerable.Range(0, each[0].Length).Select(i => each.Average(draw => draw[i]))], values = [.. each.Select(draw => draw.Average())];
        (double low, double high) = Bootstrap.Interval(correct, seed);
        var result = new EvaluationResult(encoder, task, protocol, "accuracy", correct.Average(), low, high, correct.Length);
        return new EvaluationRow(each.Length == 1 ? result : result with { Draws = each.Length, Spread = Spread(values) }, correct, detail) { Draws = values };
    }

    /// <summary>The standard deviation of what several draws gave (over n - 1).</summary>
    public static double Spread(IReadOnlyList<double> values)
    {
        double mean = values.Average();
        return values.Count < 2 ? 0 : Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Count - 1));
    }
}

/// <summary>How much better one row is than another, item by item.</summary>
/// <param name="Encoder">The better one, where the value is above 0.</param>
/// <param name="Protocol">How it was judged.</param>
/// <param name="Against">What it is held against.</param>
/// <param name="AgainstProtocol">How that was judged.</param>
/// <param name="Task">The name of the data.</param>
/// <param name="Metric">Of both.</param>
/// <param name="Value">The difference of the metric.</param>
/// <param name="Low">Lower end of the 95 % interval of the paired bootstrap over test items.</param>
/// <param name="High">Upper end of it.</param>
/// <param name="N">How many test items.</param>
public sealed record EvaluationComparison(
    string Encoder, string Protocol, string Against, string AgainstProtocol, string Task, string Metric, double Value, double Low, double High, int N)
{
    /// <summary>How many draws of labels it is the mean over; null for one.</summary>
    [System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)]
    public int? Draws { get; init; }

    /// <summary>The standard deviation of the difference over the draws, each of which both learned from; null for one draw.</summary>
    [System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)]
    public double? Spread { get; init; }

    /// <summary>Compares two rows of the same test items and draws.</summary>
    /// <param name="ours">What is compared.</param>
    /// <param name="theirs">Against this.</param>
    /// <param name="seed">Of the interval.</param>
    public static EvaluationComparison Of(EvaluationRow ours, EvaluationRow theirs, ulong seed)
    {
        (double low, double high) = Bootstrap.Difference(ours.Correct, theirs.Correct, seed);
        EvaluationResult a = ours.Result, b = theirs.Result;
        var compared = new EvaluationComparison(a.Encoder, a.Protocol, b.Encoder, b.Protocol, a.Task, a.Metric, a.Value - b.Value, low, high, a.N);
        return a.Draws is null ? compared : compared with { Draws = a.Draws, Spread = EvaluationRow.Spread([.. ours.Draws.Zip(theirs.Draws, (x, y) => x - y)]) };
    }
}
