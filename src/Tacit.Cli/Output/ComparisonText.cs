using Tacit.Evaluation;

namespace Tacit.Cli;

/// <summary>Paired differences in words.</summary>
internal static class ComparisonText
{
    public static void Show(IReadOnlyList<EvaluationComparison> compared, Screen screen)
    {
        foreach (EvaluationComparison each in compared)
        {
            screen.Line();
            screen.Paragraph(Sentence(each));
        }
    }

    /// <summary>Fine-tuned simclr against scratch:resnet18: +12.3 points (95 % interval +11.2 to +13.4; ± 0.4 over 3 draws).</summary>
    internal static string Sentence(EvaluationComparison c)
    {
        string worth = c.Against.StartsWith(FineTuneRows.ScratchPrefix, StringComparison.Ordinal) || c.Against.StartsWith(Encoder.RandomPrefix, StringComparison.Ordinal) ? "What pre-training is worth: " : "What fine-tuning adds: ";
        string spread = c.Spread is { } s ? $"; ± {100 * s:0.0} over {c.Draws} draws" : "";
        return $"{worth}{c.Encoder} {EvaluationTable.Title(c.Protocol)} against {c.Against} {EvaluationTable.Title(c.AgainstProtocol)} {Points(c.Value)} points{(c.Metric == "accuracy" ? "" : " of " + c.Metric.ToUpperInvariant())} (95 % interval {Points(c.Low)} to {Points(c.High)}{spread}).";
    }

    private static string Points(double difference) => (100 * difference).ToString("+0.0;−0.0;0.0", System.Globalization.CultureInfo.InvariantCulture);
}
