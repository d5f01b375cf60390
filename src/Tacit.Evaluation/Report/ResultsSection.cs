using Tacit.Data;
using Tacit.Data.Loading;
using Tacit.Tensors;

namespace Tacit.Evaluation.Report;

/// <summary>What encoders are worth on labelled items, beside what is raw and what is untrained.</summary>
/// <remarks>On a bounded number of items, so that a report takes minutes; <c>tacit eval</c> takes all of them.</remarks>
internal sealed class ResultsSection(DataSource source, Action<string, int, int>? progress, CancellationToken stop)
{
    private const int MostItems = 3000, MostClasses = 60;

    private static readonly ulong Stream = Philox.Hash("report", "judged");

    private readonly Dictionary<string, IReadOnlyList<ResultModel>> baselines = new(StringComparer.Ordinal);

    /// <summary>The rows of an encoder and its baselines, which answers the probe gives for which, and how it weighs layers.</summary>
    /// <exception cref="TacitException">Nothing is labelled, or what is cannot be judged.</exception>
    /// <param name="encoder">What is judged.</param>
    /// <param name="own">Whether the data are those that it was trained on.</param>
    public (ResultsModel Results, ConfusionModel Confusion, LayersModel? Layers) Of(Encoder encoder, bool own)
    {
        (Dataset data, Dataset? test) = Judged(encoder);
        using (data)
        using (test)
        {
            Evaluator.Check(data, test);
            List<ResultModel> rows = [.. Baseline("raw", Encoder.Raw(encoder.Input), data, test), .. Baseline("untrained", encoder.Untrained(), data, test)];
            var asked = new RecordedProtocol(new LinearProbe(ProbeSolver.Lbfgs, source.Seed));
            if (encoder.IsTrained)
            {
                rows.AddRange(Rows("run", encoder, data, test, [new KnnProtocol(), asked]));
            }

            LayersModel? layers = null;
            if (encoder.Parts(Encoder.Weighted) > 1)
            {
                var probe = new LinearProbe(ProbeSolver.Lbfgs, source.Seed);
                var weighted = new RecordedProtocol(probe);
                rows.AddRange(Rows("run", encoder.At(Encoder.Weighted), data, test, [weighted]));
                layers = new LayersModel(
                    encoder.Summed, [.. (probe.LayerShares ?? []).Select(s => Math.Round(s, 4))], "What a linear probe makes of all layers of one width together: each layer's share of the sum, learned with the classes.");
            }

            string how = test is null ? "five-fold cross-validation" : $"learned on {data.Count:N0} and judged on {test.Count:N0}";
            bool all = data.Count == source.Data.Count && (test is null || test.Count == source.Test!.Count);
            string bounded = all ? "" : $" On {data.Count:N0} of {source.Data.Count:N0} {data.Word}, drawn by the seed; 'tacit eval' takes all.";
            string seen = own ? " The run has seen these items, without their labels." : "";
            return (
                new ResultsModel(
                    source.By ?? "class", "accuracy", rows, $"How well {(source.By == "speaker" ? "speakers" : "classes")} are told apart: accuracy with 95 % bootstrap intervals over the items that were judged, {how}.{bounded}{seen}"),
                asked.Confusion(data.Classes, MostClasses, $"The linear probe on {encoder.Name}: a row a true class, a column an answer."),
                layers);
        }
    }

    private IReadOnlyList<ResultModel> Baseline(string kind, Encoder encoder, Dataset data, Dataset? test)
    {
        // Runs with one kind of input share what is raw, and those of one architecture and seed what is untrained.
        string key = $"{encoder.Name} {encoder.Input} {encoder.Dim} {encoder.Seed}";
        return baselines.TryGetValue(key, out IReadOnlyList<ResultModel>? known)
            ? known
            : baselines[key] = Rows(kind, encoder, data, test, [new KnnProtocol(), new LinearProbe(ProbeSolver.Lbfgs, source.Seed)]);
    }

    private IReadOnlyList<ResultModel> Rows(string kind, Encoder encoder, Dataset data, Dataset? test, IReadOnlyList<Protocol> protocols) =>
        [.. new Evaluator(data, test, protocols, LabelBudget.All, source.Seed) { Progress = progress }.Run(encoder, stop).Select(row => new ResultModel(
            row.Result.Encoder, kind, row.Result.Protocol, row.Result.Value, row.Result.Low, row.Result.High, row.Result.N, row.Detail))];

    /// <summary>The labelled items that are judged; those of classes with one item stay out where cross-validation would stumble over them.</summary>
    private (Dataset Data, Dataset? Test) Judged(Encoder encoder)
    {
        if (source.Labels is null)
        {
            throw new TacitException($"Nothing in '{source.Data.Path}' is labelled: give labelled {source.Data.Word} with --data, one folder a class or a manifest with a label column.");
        }

        if (encoder.Input.Modality != source.Data.Modality)
        {
            throw new TacitException($"The run takes {encoder.Input.Modality}, and '{source.Data.Path}' holds {source.Data.Word}: give other data with --data.");
        }

        int? rate = (encoder.Input as SoundInput)?.Rate;
        int[] order = Philox.Permutation(source.Data.Count, source.Seed, Stream, 0);
        Dataset? test = source.Test is null ? null : Labelled(source.Test, source.Test.Labels, rate, null);
        return (Labelled(source.Data, source.Labels, rate, test is null ? 2 : 1), test);

        Dataset Labelled(Dataset set, int[]? labels, int? at, int? least)
        {
            int[] random = set == source.Data ? order : Philox.Permutation(set.Count, source.Seed, Stream, 0);
            int[] chosen = [.. random.Where(i => labels is null || labels[i] >= 0).Take(MostItems).Order()];
            if (labels is not null && least is { } fewest)
            {
                var counts = chosen.GroupBy(i => labels[i]).ToDictionary(g => g.Key, g => g.Count());
                chosen = [.. chosen.Where(i => counts[labels[i]] >= fewest)];
            }

            Dataset some = (set is SoundDataset sounds && at is { } r ? sounds.At(r) : set).Only(chosen);
            return source.By == "speaker" && some is SoundDataset spoken ? spoken.BySpeaker() : some;
        }
    }
}
