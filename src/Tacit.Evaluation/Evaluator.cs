using Tacit.Data;
using Tacit.Tensors;

namespace Tacit.Evaluation;

/// <summary>
/// Judges encoders on labelled pictures: on a test set, or without one by five-fold cross-validation. Features are
/// computed once an encoder and kept in memory only.
/// </summary>
public sealed class Evaluator(Dataset data, Dataset? test, IReadOnlyList<Protocol> protocols, LabelBudget budget, ulong seed)
{
    private readonly string task = Name((test ?? data).Path);

    /// <summary>Told what is being done and how far it is.</summary>
    public Action<string, int, int>? Progress { get; init; }

    /// <summary>How often the labels are chosen anew; results are the mean over the choices.</summary>
    public int Draws { get; init; } = 1;

    /// <summary>Refuses what cannot be judged, before anything is computed.</summary>
    /// <exception cref="TacitException">No labels, one class only, or a test class that the training set lacks.</exception>
    public static void Check(Dataset data, Dataset? test)
    {
        if (Labels(data, data.Classes).Where(l => l >= 0).Distinct().Count() < 2)
        {
            throw new TacitException($"'{data.Path}' has {data.Word} of one class only; telling classes apart needs at least two.");
        }

        if (test is not null)
        {
            _ = Labels(test, data.Classes);
        }
    }

    /// <summary>One row a protocol.</summary>
    /// <exception cref="TacitException">As <see cref="Check"/>, or a class is too small for the labels asked for or for cross-validation.</exception>
    public IReadOnlyList<EvaluationRow> Run(Encoder encoder, CancellationToken stop = default) => Run(encoder, [encoder.Layer], stop);

    /// <summary>One row a layer and protocol, from one pass of the encoder over the items.</summary>
    /// <exception cref="TacitException">As for the encoder's own layer, or it has no such layer.</exception>
    public IReadOnlyList<EvaluationRow> Run(Encoder encoder, IReadOnlyList<string> layers, CancellationToken stop = default)
    {
        Check(data, test);
        IReadOnlyList<string> classes = data.Classes;
        IReadOnlyList<FeatureTable> tables = Tables(encoder, layers, data, Labels(data, classes), classes, stop);
        IReadOnlyList<FeatureTable>? held = test is null ? null : Tables(encoder, layers, test, Labels(test, classes), classes, stop);
        var rows = new List<EvaluationRow>();
        for (int i = 0; i < layers.Count; i++)
        {
            string name = encoder.At(layers[i]).Name;
            rows.AddRange(protocols.Select(protocol => Row(name, protocol, tables[i], held?[i], stop)));
        }

        return rows;
    }

    /// <summary>A data set's short name: the last part of its path, without what only tells its format.</summary>
    public static string Name(string path)
    {
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
        foreach (string ending in (ReadOnlySpan<string>)[".gz", ".tar", ".tsv", ".csv", "-images-idx3-ubyte"])
        {
            name = name.EndsWith(ending, StringComparison.OrdinalIgnoreCase) ? name[..^ending.Length] : name;
        }

        return name;
    }

    private static double[] Judge(Protocol protocol, FeatureTable train, FeatureTable test)
    {
        int[] predicted = protocol.Predict(train, test);
        return [.. predicted.Zip(test.Labels, (p, y) => p == y ? 1.0 : 0.0)];
    }

    private EvaluationRow Row(string name, Protocol protocol, FeatureTable table, FeatureTable? held, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        var each = new double[Draws][];
        for (int draw = 0; draw < Draws; draw++)
        {
            protocol.Draw = draw;
            each[draw] = held is null ? CrossValidate(protocol, table, draw, stop) : Judge(protocol, Budgeted(table, draw), held);
        }

        return EvaluationRow.Of(name, task, protocol.Name, each, protocol.Detail, seed);
    }

    private double[] CrossValidate(Protocol protocol, FeatureTable table, int draw, CancellationToken stop)
    {
        int[] fold = table.Groups is { } groups ? Folds.Grouped(groups, Folds.Usual, seed) : Folds.Assign(table.Labels, table.Classes, Folds.Usual, seed);
        double[] correct = new double[table.Count];
        for (int f = 0; f < Folds.Usual; f++)
        {
            stop.ThrowIfCancellationRequested();
            int[] inside = Folds.Items(fold, f, true);
            if (inside.Length == 0)
            {
                continue;
            }

            double[] judged = Judge(protocol, Budgeted(table.Select(Folds.Items(fold, f, false)), draw), table.Select(inside));
            for (int i = 0; i < inside.Length; i++)
            {
                correct[inside[i]] = judged[i];
            }
        }

        return correct;
    }

    /// <summary>The rows whose labels may be used; the first draw is that of the seed itself.</summary>
    private FeatureTable Budgeted(FeatureTable table, int draw) =>
        budget == LabelBudget.All ? table : table.Select(budget.Choose(table.Labels, table.Classes, draw == 0 ? seed : Philox.Mix(seed, (ulong)draw)));

    /// <summary>The labels as numbers of the training set's classes.</summary>
    private static int[] Labels(Dataset set, IReadOnlyList<string> classes)
    {
        if (set.Labels is null)
        {
            throw new TacitException($"'{set.Path}' has no labels, so nothing can be judged on it: put them into one folder a class, or give a manifest with a label column.");
        }

        string? strange = set.Classes.FirstOrDefault(c => !classes.Contains(c));
        return strange is null
            ? set.LabelsAs(classes)!
            : throw new TacitException($"The test set '{set.Path}' has the class '{strange}', which the training set does not have.");
    }

    private IReadOnlyList<FeatureTable> Tables(
        Encoder encoder, IReadOnlyList<string> layers, Dataset set, int[] labels, IReadOnlyList<string> classes, CancellationToken stop)
    {
        IReadOnlyList<Features> all = encoder.Extract(set, layers, (done, of) => Progress?.Invoke($"{encoder.Name}: looking at {Name(set.Path)}", done, of), stop);
        return [.. all.Select((features, layer) =>
        {
            var table = new FeatureTable(features.Values, Array.ConvertAll(features.Items, i => labels[i]), classes)
            {
                Items = features.Items,
                Parts = encoder.Parts(layers[layer]),
                Groups = Speakers(set) is { } who ? Array.ConvertAll(features.Items, i => who[i]) : null,
            };
            int[] labelled = [.. Enumerable.Range(0, table.Count).Where(i => table.Labels[i] >= 0)];
            return labelled.Length == table.Count ? table : table.Select(labelled);
        })];
    }

    /// <summary>Who speaks in each item, where that is not what is asked; null where there are not several.</summary>
    private static int[]? Speakers(Dataset set) =>
        set is SoundDataset { Speakers: { } who } sounds && sounds.SpeakerNames.Count > 1 && !sounds.Classes.SequenceEqual(sounds.SpeakerNames, StringComparer.Ordinal) ? who : null;
}
