namespace Tacit.Evaluation.Suite;

/// <summary>One task of the speech suite: learns a head on the states of a frozen upstream, and is judged once on its test part.</summary>
public abstract class SuiteTask
{
    /// <summary>What <c>--tasks</c> and results call it: <c>ks</c>, <c>sid</c> …</summary>
    public abstract string Name { get; }

    /// <summary>For people: "keyword spotting".</summary>
    public abstract string Title { get; }

    /// <summary>Names of the sets it is made of, each of <see cref="SuiteSet.All"/>.</summary>
    public abstract IReadOnlyList<string> Needs { get; }

    /// <summary>Whether the run's <see cref="SuiteOptions.Rates"/> are searched: false for a task in which nothing is learned.</summary>
    public virtual bool Learns => true;

    /// <summary>Learns and judges.</summary>
    /// <exception cref="TacitException">The data cannot make this task; the message says why and what to do.</exception>
    public abstract SuiteOutcome Run(SuiteContext context);
}

/// <summary>What a task found.</summary>
/// <param name="Scores">One or more.</param>
/// <param name="Detail">What was chosen, for people: "lr 0.01, layers weigh 0.2 0.8".</param>
public sealed record SuiteOutcome(IReadOnlyList<SuiteScore> Scores, string Detail);

/// <summary>One number of a task.</summary>
/// <param name="Metric">One of <see cref="SuiteMetric.All"/>.</param>
/// <param name="Value">As the metric counts: shares and error rates as fractions.</param>
/// <param name="Low">Lower end of its 95 % bootstrap interval over test items.</param>
/// <param name="High">Upper end.</param>
/// <param name="N">How many test items.</param>
public sealed record SuiteScore(string Metric, double Value, double Low, double High, int N)
{
    /// <summary>The mean of one number per test item, with its interval.</summary>
    public static SuiteScore Mean(string metric, ReadOnlySpan<double> each, ulong seed)
    {
        (double low, double high) = Bootstrap.Interval(each, seed);
        double sum = 0;
        foreach (double one in each)
        {
            sum += one;
        }

        return new SuiteScore(metric, sum / each.Length, low, high, each.Length);
    }

    /// <summary>A statistic of all test items together, with its interval.</summary>
    /// <param name="metric">Its name.</param>
    /// <param name="count">How many items, utterances or speakers there are to be drawn.</param>
    /// <param name="statistic">The number for some of them, each as often as it was drawn; NaN where it has none, which is then not counted.</param>
    /// <param name="seed">Of the draws.</param>
    public static SuiteScore Of(string metric, int count, Func<int[], double> statistic, ulong seed)
    {
        (double low, double high) = Bootstrap.Interval(count, statistic, seed);
        return new SuiteScore(metric, statistic([.. Enumerable.Range(0, count)]), low, high, count);
    }
}

/// <summary>How a number of the suite is meant.</summary>
/// <param name="Name">As results call it.</param>
/// <param name="Title">For people.</param>
/// <param name="Percent">Whether people see it as per cent.</param>
/// <param name="HigherIsBetter">Whether more of it is better.</param>
public sealed record SuiteMetric(string Name, string Title, bool Percent, bool HigherIsBetter)
{
    /// <summary>Every metric there is.</summary>
    public static IReadOnlyList<SuiteMetric> All { get; } =
    [
        new("accuracy", "accuracy", true, true),
        new("unweighted-accuracy", "unweighted accuracy", true, true),
        new("eer", "equal error rate", true, false),
        new("min-dcf", "minimum detection cost", false, false),
        new("per", "phone error rate", true, false),
        new("wer", "word error rate", true, false),
        new("wer-lm", "word error rate with a language model", true, false),
        new("cer", "character error rate", true, false),
        new("mtwv", "maximum term-weighted value", false, true),
        new("slot-f1", "F1 of slot types", true, true),
        new("slot-cer", "character error rate of slot values", true, false),
        new("der", "diarisation error rate", true, false),
        new("f1", "F1", true, true),
    ];

    /// <summary>The metric of a name.</summary>
    public static SuiteMetric Of(string name) => All.First(m => m.Name == name);
}
