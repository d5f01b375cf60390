namespace Tacit.Evaluation.Suite;

/// <summary>What the benchmark's authors and others published: other data, larger encoders, heads trained longer. Never to be mixed with what is measured here.</summary>
/// <remarks>The leaderboard of superbbenchmark.org; in per cent, MTWV times 100 as it lists it.</remarks>
public static class Published
{
    private static readonly (string Task, string Metric)[] Columns =
    [
        ("pr", "per"), ("ks", "accuracy"), ("ic", "accuracy"), ("sid", "accuracy"), ("er", "accuracy"), ("asr", "wer"), ("asr", "wer-lm"), ("qbe", "mtwv"),
        ("sf", "slot-f1"), ("sf", "slot-cer"), ("asv", "eer"), ("sd", "der"),
    ];

    private static readonly (string Upstream, string[] Methods, double[] Scores)[] Rows =
    [
        ("FBANK", ["raw", "raw:cmvn"], [82.01, 41.38, 9.65, 20.06, 48.24, 23.18, 15.21, .58, 69.64, 52.94, 9.56, 10.05]),
        ("APC", ["apc"], [41.98, 91.01, 74.69, 60.42, 59.33, 21.28, 14.74, 3.10, 70.46, 50.89, 8.56, 10.53]),
        ("VQ-APC", ["vq-apc"], [41.08, 91.11, 74.48, 60.15, 59.66, 21.20, 15.21, 2.51, 68.53, 52.91, 8.72, 10.45]),
        ("Mockingjay", ["mockingjay"], [70.19, 83.67, 34.33, 32.29, 50.28, 22.82, 15.48, .066, 61.59, 58.89, 11.66, 10.54]),
        ("TERA", ["tera"], [49.17, 89.48, 58.42, 57.57, 56.27, 18.17, 12.16, .13, 67.50, 54.17, 15.89, 9.96]),
        ("CPC", ["cpc"], [42.54, 91.88, 64.09, 39.63, 60.96, 20.18, 13.53, 3.26, 71.19, 49.91, 12.86, 10.38]),
        ("wav2vec", ["wav2vec"], [31.58, 95.59, 84.92, 56.56, 59.79, 15.86, 11.00, 4.85, 76.37, 43.71, 7.99, 9.90]),
        ("vq-wav2vec", ["vq-wav2vec"], [33.48, 93.38, 85.68, 38.80, 58.24, 17.71, 12.80, 4.10, 77.68, 41.54, 10.38, 9.93]),
        ("wav2vec 2.0 base", ["wav2vec2"], [5.74, 96.23, 92.35, 75.18, 63.43, 6.43, 4.79, 2.33, 88.30, 24.77, 6.02, 6.08]),
        ("HuBERT base", ["hubert"], [5.41, 96.30, 98.34, 81.42, 64.92, 6.42, 4.79, 7.36, 88.53, 25.20, 5.11, 5.88]),
    ];

    /// <summary>The upstream of the benchmark that a method of this catalogue, or <c>raw</c>, stands for; null where there is none.</summary>
    public static string? Counterpart(string? method) => Rows.FirstOrDefault(r => r.Methods.Contains(method)).Upstream;

    /// <summary>A published score as the suite counts, or null where none was published.</summary>
    /// <param name="upstream">As the benchmark calls it.</param>
    /// <param name="task">The task's name.</param>
    /// <param name="metric">The metric's name.</param>
    public static double? Score(string upstream, string task, string metric)
    {
        int column = Array.IndexOf(Columns, (task, metric));
        double[]? scores = Rows.FirstOrDefault(r => r.Upstream == upstream).Scores;
        return column < 0 || scores is null ? null : scores[column] / 100;
    }
}
