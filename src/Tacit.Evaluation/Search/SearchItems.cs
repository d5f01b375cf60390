using Tacit.Data;
using Tacit.Tensors;

namespace Tacit.Evaluation;

/// <summary>What is searched, or searched for.</summary>
/// <param name="Values">[N, D], long-lived.</param>
/// <param name="Names">One a row.</param>
/// <param name="Numbers">Each row's number in <paramref name="Data"/>; broken items have none.</param>
/// <param name="Data">Where the items lie; null where there are features alone.</param>
public sealed record SearchItems(Tensor Values, IReadOnlyList<string> Names, IReadOnlyList<int> Numbers, Dataset? Data)
{
    /// <summary>Each row's class, null where it has none; null where nothing is labelled.</summary>
    public IReadOnlyList<string?>? Labels { get; init; }

    public int Count => Names.Count;

    /// <summary>Computes the features of a data set.</summary>
    public static SearchItems Of(Dataset data, Encoder encoder, Action<int, int>? progress = null, CancellationToken stop = default)
    {
        Features features = encoder.Extract(data, progress, stop);
        return new SearchItems(features.Values, Array.ConvertAll(features.Items, i => data.Names[i]), features.Items, data)
        {
            Labels = data.Labels is { } numbers ? Array.ConvertAll(features.Items, i => numbers[i] < 0 ? null : data.Classes[numbers[i]]) : null,
        };
    }

    /// <summary>Takes the features of a file.</summary>
    public static SearchItems Of(FeatureFile file) => new(file.Values, file.Names, [.. Enumerable.Range(0, file.Names.Count)], null) { Labels = file.Labels };

    /// <summary>One row alone.</summary>
    public SearchItems Row(int row) => new(Values.Rows(row, 1), [Names[row]], [Numbers[row]], Data);
}
