using Tacit.Evaluation;

namespace Tacit.Tests.Evaluation;

public sealed class LabelBudgetTests
{
    private static readonly string[] Classes = ["ant", "bee", "cat"];

    // 10 ants, 20 bees, 30 cats
    private static readonly int[] Labels = [.. Enumerable.Range(0, 60).Select(i => i < 10 ? 0 : i < 30 ? 1 : 2)];

    [Theory]
    [InlineData("5", new[] { 5, 5, 5 })]
    [InlineData("0.1", new[] { 1, 2, 3 })]
    [InlineData("50%", new[] { 5, 10, 15 })]
    [InlineData("1.0", new[] { 10, 20, 30 })]
    [InlineData("0.001", new[] { 1, 1, 1 })]
    public void A_point_or_percent_sign_is_a_fraction_and_a_whole_number_a_count_per_class(string text, int[] perClass)
    {
        int[] chosen = LabelBudget.Parse(text).Choose(Labels, Classes, 0);

        Assert.Equal(perClass, Enumerable.Range(0, 3).Select(c => chosen.Count(i => Labels[i] == c)));
        Assert.Equal(chosen.Distinct().Order(), chosen);
    }

    [Fact]
    public void More_labels_keep_the_fewer_and_another_seed_chooses_others()
    {
        int[] few = LabelBudget.Count(3).Choose(Labels, Classes, 1), more = LabelBudget.Count(6).Choose(Labels, Classes, 1);

        Assert.Empty(few.Except(more));
        Assert.NotEqual(more, LabelBudget.Count(6).Choose(Labels, Classes, 2));
    }

    [Fact]
    public void More_than_a_class_has_is_an_error_that_names_it()
    {
        var error = Assert.Throws<TacitException>(() => LabelBudget.Count(11).Choose(Labels, Classes, 0));

        Assert.Equal("--labels 11 asks for more than there is: class 'ant' has 10 items to train on.", error.Message);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-3")]
    [InlineData("1.5")]
    [InlineData("0.0")]
    [InlineData("200%")]
    [InlineData("many")]
    [InlineData("")]
    public void Anything_else_is_refused(string text) => Assert.Throws<ConfigurationException>(() => LabelBudget.Parse(text));
}
