using Tacit.Evaluation;

namespace Tacit.Tests.Evaluation;

public sealed class FoldsTests
{
    [Fact]
    public void Every_item_is_tested_once_and_classes_are_spread_evenly()
    {
        int[] labels = [.. Enumerable.Range(0, 103).Select(i => i % 4 == 0 ? 0 : 1)];
        int[] fold = Folds.Assign(labels, ["a", "b"], 5, 0);

        Assert.Equal(103, Enumerable.Range(0, 5).Sum(f => Folds.Items(fold, f, true).Length));
        for (int f = 0; f < 5; f++)
        {
            int[] inside = Folds.Items(fold, f, true);
            Assert.InRange(inside.Count(i => labels[i] == 0), 5, 6);       // 26 of class a
            Assert.InRange(inside.Count(i => labels[i] == 1), 15, 16);     // 77 of class b
            Assert.Equal(Enumerable.Range(0, 103), inside.Concat(Folds.Items(fold, f, false)).Order());
        }
    }

    [Fact]
    public void Small_classes_do_not_crowd_into_one_fold()
    {
        int[] labels = [.. Enumerable.Range(0, 20).Select(i => i / 2)];    // ten classes of two
        int[] fold = Folds.Assign(labels, [.. Enumerable.Range(0, 10).Select(c => $"{c}")], 5, 3);

        Assert.All(Enumerable.Range(0, 5), f => Assert.Equal(4, fold.Count(x => x == f)));
    }

    [Fact]
    public void A_class_of_one_is_an_error_that_names_it()
    {
        var error = Assert.Throws<TacitException>(() => Folds.Assign([0, 0, 1], ["owl", "yak"], 5, 0));

        Assert.StartsWith("Class 'yak' has one item", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_speaker_is_in_one_fold_and_folds_are_about_as_large_as_each_other()
    {
        int[] groups = [.. Enumerable.Range(0, 100).Select(i => i % 13 % 10), -1, -1];
        int[] fold = Folds.Grouped(groups, 5, 3);

        Assert.All(Enumerable.Range(0, 10), speaker => Assert.Single(Enumerable.Range(0, 100).Where(i => groups[i] == speaker).Select(i => fold[i]).Distinct()));
        Assert.All(Enumerable.Range(0, 5), f => Assert.InRange(fold.Count(f), 14, 28));
        Assert.Equal(fold, Folds.Grouped(groups, 5, 3));
        Assert.Throws<TacitException>(() => Folds.Grouped([2, 2, 2], 5, 0));
    }
}
