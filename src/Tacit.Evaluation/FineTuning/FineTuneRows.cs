using Tacit.Data;

namespace Tacit.Evaluation;

/// <summary>
/// What few labels are worth with an encoder and without: the encoder fine-tuned, the same network from scratch on the same labels in the
/// same number of steps, and linear probes on frozen features of the encoder, of the untrained network and of what is raw.
/// </summary>
public static class FineTuneRows
{
    /// <summary>What the names of networks that learned from the labels alone begin with.</summary>
    public const string ScratchPrefix = "scratch:";

    /// <summary>The rows: raw and the untrained network first, the encoder last, where it is trained.</summary>
    /// <param name="encoder">Whose worth is asked.</param>
    /// <param name="data">Labelled items to learn from.</param>
    /// <param name="test">Labelled items to judge on; null for five-fold cross-validation.</param>
    /// <param name="budget">How many labels may be used.</param>
    /// <param name="draws">How often they are chosen anew.</param>
    /// <param name="options">How networks learn.</param>
    /// <param name="seed">Of folds, choices, networks and intervals.</param>
    /// <param name="progress">Told what is being done and how far it is.</param>
    /// <param name="stop">Ends between two steps.</param>
    /// <exception cref="TacitException">As <see cref="Evaluator.Check"/>, or the options do not fit what the encoder takes.</exception>
    public static IReadOnlyList<EvaluationRow> Of(
        Encoder encoder, Dataset data, Dataset? test, LabelBudget budget, int draws, FineTuneOptions options, ulong seed, Action<string, int, int>? progress = null, CancellationToken stop = default)
    {
        Encoder untrained = encoder.Untrained();
        var probe = new LinearProbe(seed: seed);
        FineTune Tune(Encoder which, bool scratch) => new(which, data, test, options, seed, scratch) { Progress = progress, Stop = stop };
        IReadOnlyList<EvaluationRow> Rows(Encoder which, params Protocol[] protocols) =>
            new Evaluator(data, test, protocols, budget, seed) { Draws = draws, Progress = progress }.Run(which, stop);

        FineTune scratch = Tune(untrained, scratch: true);      // refuses what cannot be before anything is computed
        var rows = new List<EvaluationRow>(Rows(Encoder.Raw(encoder.Input), probe));
        rows.AddRange(Rows(untrained, probe, scratch).Select(Renamed));
        if (encoder.IsTrained)
        {
            rows.AddRange(Rows(encoder, probe, Tune(encoder, scratch: false)));
        }

        return rows;
    }

    /// <summary>What pre-training is worth, and what fine-tuning adds to a frozen encoder: paired differences; none where the encoder is not trained.</summary>
    public static IReadOnlyList<EvaluationComparison> Compare(IReadOnlyList<EvaluationRow> rows, ulong seed)
    {
        EvaluationRow tuned = rows.Last(r => r.Result.Protocol == FineTune.Word), scratch = rows.First(r => r.Result.Protocol == FineTune.Word);
        return tuned == scratch ? []
            : [EvaluationComparison.Of(tuned, scratch, seed), EvaluationComparison.Of(tuned, rows.Last(r => r.Result.Protocol != FineTune.Word), seed)];
    }

    private static EvaluationRow Renamed(EvaluationRow row) => row.Result.Protocol != FineTune.Word ? row
        : row with { Result = row.Result with { Encoder = ScratchPrefix + row.Result.Encoder[Encoder.RandomPrefix.Length..] } };
}
