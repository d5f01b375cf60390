using Tacit.Evaluation;
using Tacit.Evaluation.Report;
using Tacit.Tensors;

namespace Tacit.Tests.Evaluation.Report;

public sealed class RecordedProtocolTests
{
    private static readonly string[] Classes = ["a", "b", "c", "never"];

    [Fact]
    public void Answers_of_all_folds_are_counted_by_true_class_and_answer()
    {
        var recorded = new RecordedProtocol(new FirstFeature());

        _ = recorded.Predict(Table([], []), Table([0, 0, 1], [0, 1, 1]));
        _ = recorded.Predict(Table([], []), Table([2, 0], [0, 0]));
        ConfusionModel confusion = recorded.Confusion(Classes, 10, "note");

        Assert.Equal(["a", "b", "c"], confusion.Classes);
        Assert.Equal([2, 1, 0], confusion.Counts[0]);
        Assert.Equal([0, 1, 0], confusion.Counts[1]);
        Assert.Equal([1, 0, 0], confusion.Counts[2]);
        Assert.Equal("note", confusion.Note);
    }

    [Fact]
    public void Of_many_classes_those_with_most_items_are_kept_in_their_order()
    {
        var recorded = new RecordedProtocol(new FirstFeature());

        _ = recorded.Predict(Table([], []), Table([0, 1, 1, 2, 2, 2], [0, 1, 2, 2, 2, 0]));
        ConfusionModel confusion = recorded.Confusion(Classes, 2, "note.");

        Assert.Equal(["b", "c"], confusion.Classes);
        Assert.Equal([1, 1], confusion.Counts[0]);
        Assert.Equal([0, 2], confusion.Counts[1]);
        Assert.Equal("note. The 2 classes with most items of 3.", confusion.Note);
    }

    /// <param name="labels">The true classes.</param>
    /// <param name="answers">What <see cref="FirstFeature"/> will answer.</param>
    private static FeatureTable Table(int[] labels, int[] answers)
    {
        Tensor values = Tensor.Lasting(new Shape(Math.Max(1, labels.Length), 1));
        for (int i = 0; i < answers.Length; i++)
        {
            values.Span[i] = answers[i];
        }

        return new FeatureTable(labels.Length == 0 ? values : values.Rows(0, labels.Length), labels.Length == 0 ? [0] : labels, Classes);
    }

    private sealed class FirstFeature : Protocol
    {
        public override string Name => "first";

        public override string Detail => "";

        public override int[] Predict(FeatureTable train, FeatureTable test) => [.. Enumerable.Range(0, test.Count).Select(i => (int)test.Row(i)[0])];
    }
}
