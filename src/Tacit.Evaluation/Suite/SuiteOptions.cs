using Tacit.Methods;

namespace Tacit.Evaluation.Suite;

/// <summary>How the suite's heads look and learn; the keys of <c>--set</c>.</summary>
public sealed record SuiteOptions
{
    private const string Small = "small", Benchmark = "superb";

    /// <summary><c>small</c>, sizes for data of minutes, or <c>superb</c>, the benchmark's.</summary>
    public string Preset { get; init; } = Small;

    /// <summary>Whether heads have the benchmark's sizes.</summary>
    public bool Superb => Preset == Benchmark;

    /// <summary>Width that the weighted sum of layers is projected to; null for the task's own.</summary>
    public int? Projector { get; init; }

    /// <summary>Steps of the final training; null for the task's own.</summary>
    public int? Steps { get; init; }

    /// <summary>Items a step; null for the task's own.</summary>
    public int? BatchSize { get; init; }

    /// <summary>The learning rates that are tried on the development part.</summary>
    public IReadOnlyList<double> Rates { get; init; } = [1e-1, 1e-2, 1e-3, 1e-4];

    /// <summary>Steps of the search over those of the final training, all rates together; null for the task's own.</summary>
    public float? Share { get; init; }

    /// <summary>Of splits, starting values, orders and intervals.</summary>
    public ulong Seed { get; init; }

    private static OptionTable<SuiteOptions> Table { get; } = new OptionTable<SuiteOptions>()
        .Choice("head.preset", o => o.Preset, (o, v) => o with { Preset = v }, Small, Benchmark)
        .WholeOrAuto("head.projector", o => o.Projector, (o, v) => o with { Projector = (int?)v }, new Interval(1, 65536))
        .WholeOrAuto("train.steps", o => o.Steps, (o, v) => o with { Steps = (int?)v }, new Interval(1, 100_000_000))
        .WholeOrAuto("train.batch-size", o => o.BatchSize, (o, v) => o with { BatchSize = (int?)v }, new Interval(1, 65536))
        .Reals("search.rates", o => o.Rates, (o, v) => v.Count > 0 ? o with { Rates = v } : throw new FormatException("needs at least one number"), Interval.Positive)
        .NumberOrAuto("search.share", o => o.Share, (o, v) => o with { Share = v }, Interval.NotNegative)
        .Whole("seed", o => (long)o.Seed, (o, v) => o with { Seed = (ulong)v }, Interval.NotNegative);

    /// <summary>All keys.</summary>
    public static IReadOnlyList<string> Keys => Table.Keys;

    /// <summary>Defaults, then each <c>key=value</c>; the last of several for one key counts.</summary>
    /// <exception cref="ConfigurationException">No such key, or a value it cannot take.</exception>
    public static SuiteOptions Parse(IEnumerable<string> settings)
    {
        var options = new SuiteOptions();
        foreach (string setting in settings)
        {
            int equals = setting.IndexOf('=', StringComparison.Ordinal);
            options = equals > 0
                ? Table.Set(options, setting[..equals].Trim().ToLowerInvariant().Replace('_', '-'), setting[(equals + 1)..])
                : throw new ConfigurationException($"The setting '{setting}' is not of the form key=value.");
        }

        return options;
    }

    /// <summary>The value of a key as text.</summary>
    public string Get(string key) => Table.Get(this, key);

    /// <summary>Steps of one rate's trial, so that all trials together take their share of so many steps.</summary>
    /// <param name="steps">Of the final training.</param>
    /// <param name="share">The task's own share, where the options do not say.</param>
    public int TrialSteps(int steps, double share = 1.0 / 3) => Math.Max(1, (int)(steps * (Share ?? share) / Rates.Count));
}
