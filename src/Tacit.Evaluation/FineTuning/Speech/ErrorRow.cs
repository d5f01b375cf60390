using Tacit.Evaluation.Scores;

namespace Tacit.Evaluation;

/// <summary>One row of error rates: those of a corpus, all edits over the length of all references.</summary>
/// <param name="Result">What is printed; lower is better.</param>
/// <param name="Each">Errors of each test recording, a draw each.</param>
/// <param name="Detail">How the network learned, for people.</param>
public sealed record ErrorRow(EvaluationResult Result, ErrorRate[][] Each, string Detail)
{
    /// <summary>The rate, its interval over test recordings, and its spread over draws.</summary>
    internal static ErrorRow Of(string encoder, string task, string protocol, string metric, ErrorRate[][] each, string detail, ulong seed)
    {
        double[] values = [.. each.Select(draw => ErrorRate.Sum(draw).Value)];
        int count = each[0].Length;
        (double low, double high) = Bootstrap.Interval(count, drawn => Rate(each, drawn), seed);
        var result = new EvaluationResult(encoder, task, protocol, metric, values.Average(), low, high, count);
        return new ErrorRow(each.Length == 1 ? result : result with { Draws = each.Length, Spread = EvaluationRow.Spread(values) }, each, detail);
    }

    /// <summary>How much lower or higher than another row's the rate is, on the same recordings; below 0 is better.</summary>
    public static EvaluationComparison Compare(ErrorRow ours, ErrorRow theirs, ulong seed)
    {
        int count = ours.Each[0].Length;
        (double low, double high) = Bootstrap.Interval(count, drawn => Rate(ours.Each, drawn) - Rate(theirs.Each, drawn), seed);
        EvaluationResult a = ours.Result, b = theirs.Result;
        var compared = new EvaluationComparison(a.Encoder, a.Protocol, b.Encoder, b.Protocol, a.Task, a.Metric, a.Value - b.Value, low, high, a.N);
        double[] differences = [.. ours.Each.Zip(theirs.Each, (x, y) => ErrorRate.Sum(x).Value - ErrorRate.Sum(y).Value)];
        return a.Draws is null ? compared : compared with { Draws = a.Draws, Spread = EvaluationRow.Spread(differences) };
    }

    /// <summary>The mean over the draws of the rate of some recordings; NaN where their references hold nothing.</summary>
    private static double Rate(ErrorRate[][] each, int[] drawn)
    {
        long edits = 0, length = 0;
        foreach (ErrorRate[] draw in each)
        {
            foreach (int i in drawn)
            {
                edits += draw[i].Edits;
                length += draw[i].Length;
            }
        }

        return length > 0 ? (double)edits / length : double.NaN;
    }
}
