using Tacit.Data;
using Tacit.Data.Augment;
using Tacit.Data.Loading;
using Tacit.Data.Pictures;
using Tacit.Evaluation;
using Tacit.Models;

namespace Tacit.Tests.Evaluation;

public sealed class EvaluatorTests
{
    private static readonly Encoder Raw = Encoder.Raw(new PictureInput(8, Normalization.ImageNet));

    [Fact]
    public void Classes_that_differ_in_colour_are_told_apart_and_the_interval_closes()
    {
        using PictureDataset train = Colours(10, ["red", "green", "blue"]), test = Colours(4, ["red", "green", "blue"]);
        var rows = new Evaluator(train, test, [new KnnProtocol(), new LinearProbe()], LabelBudget.All, 0).Run(Raw);

        Assert.Equal([("raw", "test", "knn", 1.0, 1.0, 1.0, 12), ("raw", "test", "linear", 1.0, 1.0, 1.0, 12)],
            rows.Select(r => (r.Result.Encoder, "test", r.Result.Protocol, r.Result.Value, r.Result.Low, r.Result.High, r.Result.N)));
        Assert.Equal("k = 5, T = 0.1", rows[0].Detail);
    }

    [Fact]
    public void Several_layers_are_judged_as_each_alone()
    {
        using PictureDataset train = Colours(8, ["red", "green", "blue"]), test = Colours(4, ["red", "green", "blue"]);
        Encoder encoder = Encoder.Random(new BackboneOptions { Width = 4 }, Raw.Input, 1);
        var evaluator = new Evaluator(train, test, [new KnnProtocol(), new LinearProbe()], LabelBudget.All, 0);

        IReadOnlyList<EvaluationRow> both = evaluator.Run(encoder, ["layer2", "last"]);

        Assert.Equal(
            [("random:resnet18@layer2", "knn"), ("random:resnet18@layer2", "linear"), ("random:resnet18", "knn"), ("random:resnet18", "linear")],
            both.Select(r => (r.Result.Encoder, r.Result.Protocol)));
        Assert.Equal([.. evaluator.Run(encoder.At("layer2")), .. evaluator.Run(encoder)], both, (a, b) => a.Result == b.Result && a.Correct.SequenceEqual(b.Correct));
    }

    [Fact]
    public void Classes_are_matched_by_name_whatever_their_number()
    {
        using PictureDataset train = Colours(6, ["red", "green", "blue"]), test = Colours(4, ["blue", "red"]);

        Assert.Equal(1, new Evaluator(train, test, [new KnnProtocol(1)], LabelBudget.All, 0).Run(Raw)[0].Result.Value);
    }

    [Fact]
    public void Cross_validation_tests_every_item_once()
    {
        using PictureDataset data = Colours(7, ["red", "green", "blue"]);
        EvaluationRow row = new Evaluator(data, null, [new KnnProtocol()], LabelBudget.Count(3), 0).Run(Raw)[0];

        Assert.Equal(21, row.Result.N);
        Assert.Equal(1, row.Result.Value);
    }

    [Fact]
    public void An_encoder_that_sees_nothing_is_at_chance()
    {
        // Every picture is the same: the best that can be done is one class in three.
        using PictureDataset data = Colours(10, ["red", "red", "red"], ["a", "b", "c"]);
        EvaluationRow row = new Evaluator(data, null, [new LinearProbe()], LabelBudget.All, 0).Run(Raw)[0];

        Assert.InRange(row.Result.Value, 0.1, 0.5);
        Assert.True(row.Result.High - row.Result.Low > 0.15, "thirty items leave much doubt");
    }

    [Fact]
    public void What_cannot_be_judged_is_refused_with_the_reason()
    {
        using PictureDataset train = Colours(4, ["red", "green"]), strange = Colours(4, ["red", "blue"]), one = Colours(4, ["red"]);
        using var unlabelled = PictureDataset.Of("holiday", [Colour("red", 0), Colour("red", 1)]);

        Assert.Contains("the class 'blue'", Message(train, strange), StringComparison.Ordinal);
        Assert.Contains("'holiday' has no labels", Message(unlabelled, null), StringComparison.Ordinal);
        Assert.Contains("one class only", Message(one, null), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(50_000, 10, 200)]       // CIFAR-10: as in the literature
    [InlineData(6_000, 10, 200)]
    [InlineData(200, 10, 10)]           // 20 labels a class
    [InlineData(50, 10, 2)]
    [InlineData(10, 10, 1)]
    public void Neighbours_are_at_most_half_a_class(int items, int classes, int k) => Assert.Equal(k, KnnProtocol.Neighbours(items, classes));

    [Theory]
    [InlineData("../shared/data/cifar10-train.tar", "cifar10-train")]
    [InlineData("photos/", "photos")]
    [InlineData("/a/train-images-idx3-ubyte.gz", "train")]
    public void A_task_is_named_after_its_data(string path, string name) => Assert.Equal(name, Evaluator.Name(path));

    private static string Message(PictureDataset train, PictureDataset? test) =>
        Assert.Throws<TacitException>(() => new Evaluator(train, test, [new KnnProtocol()], LabelBudget.All, 0).Run(Raw)).Message;

    private static PictureDataset Colours(int perClass, string[] colours, string[]? classes = null) => PictureDataset.Of(
        "colours",
        [.. colours.SelectMany(c => Enumerable.Range(0, perClass).Select(i => Colour(c, classes is null ? i : 0)))],
        [.. colours.SelectMany((_, c) => Enumerable.Repeat(c, perClass))],
        classes ?? colours);

    /// <summary>One colour with a little texture that depends on the item.</summary>
    private static Picture Colour(string name, int item)
    {
        int channel = Array.IndexOf(["red", "green", "blue"], name);
        return new Picture(8, 8, 3, [.. Enumerable.Range(0, 192).Select(p => (byte)((p % 3 == channel ? 200 : 60) + (p * item % 17)))]);
    }
}
