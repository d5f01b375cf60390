using Tacit.Tensors;

namespace Tacit.Evaluation;

/// <summary>What one encoder says about every item of a data set, with the items' labels: what the protocols work on.</summary>
public sealed class FeatureTable
{
    /// <param name="values">[N, D], long-lived.</param>
    /// <param name="labels">One class a row, each an index into <paramref name="classes"/>.</param>
    /// <param name="classes">Names of the classes.</param>
    public FeatureTable(Tensor values, int[] labels, IReadOnlyList<string> classes)
    {
        if (values.Rank != 2 || values.Shape[0] != labels.Length)
        {
            throw ShapeException.Unfit("FeatureTable", values.Shape, $"there are {labels.Length} labels");
        }

        Values = values;
        Labels = labels;
        Classes = classes;
    }

    /// <summary>[N, D].</summary>
    public Tensor Values { get; }

    public int[] Labels { get; }

    public IReadOnlyList<string> Classes { get; }

    /// <summary>How many layers of one width a row holds, one after the other, for a probe to weigh.</summary>
    public int Parts { get; init; } = 1;

    /// <summary>Which items belong together, such as all that one speaker says, -1 for an item by itself; null where nothing says it.</summary>
    public int[]? Groups { get; init; }

    /// <summary>Each row's number in the data set; null where rows come from elsewhere.</summary>
    public int[]? Items { get; init; }

    /// <summary>N, the number of items.</summary>
    public int Count => Labels.Length;

    /// <summary>D, the numbers an item is described by.</summary>
    public int Dim => Values.Shape[1];

    /// <summary>The features of one item, [D].</summary>
    public Span<float> Row(int item) => Values.Span.Slice(item * Dim, Dim);

    /// <summary>A table of some of the items, in the order given.</summary>
    public FeatureTable Select(ReadOnlySpan<int> items)
    {
        Tensor values = Tensor.Lasting(new Shape(items.Length, Dim));
        var labels = new int[items.Length];
        for (int i = 0; i < items.Length; i++)
        {
            Row(items[i]).CopyTo(values.Span.Slice(i * Dim, Dim));
            labels[i] = Labels[items[i]];
        }

        int[] chosen = items.ToArray();
        return new FeatureTable(values, labels, Classes)
        {
            Parts = Parts,
            Groups = Groups is { } groups ? Array.ConvertAll(chosen, i => groups[i]) : null,
            Items = Items is { } numbers ? Array.ConvertAll(chosen, i => numbers[i]) : null,
        };
    }
}
