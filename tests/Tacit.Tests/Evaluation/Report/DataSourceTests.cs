using Tacit.Data;
using Tacit.Evaluation.Report;
using Tacit.Tensors;

namespace Tacit.Tests.Evaluation.Report;

/// <summary>Which items stand for a data set.</summary>
public sealed class DataSourceTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_long_text_is_shown_by_its_paragraphs()
    {
        File.WriteAllText(folder["play.txt"], "First:\nSpeak.\r\n\r\nSecond:\nNo.\n\n\n\n   \n\n" + new string('x', 500));
        using var source = new DataSource(folder["play.txt"], null, 0);

        DataModel model = source.Model();

        Assert.Equal(("texts", 3, null), (model.Word, model.Items, model.By));
        Assert.Equal(["First:\nSpeak.", "Second:\nNo.", new string('x', 280) + "…"], model.Samples.Select(s => s.Text));
    }

    [Fact]
    public void An_empty_text_is_refused()
    {
        File.WriteAllText(folder["empty.txt"], " \n\n ");

        Assert.Contains("are empty", Assert.Throws<TacitException>(() => new DataSource(folder["empty.txt"], null, 0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_few_samples_are_of_different_classes_before_any_comes_twice()
    {
        for (int c = 0; c < 4; c++)
        {
            Directory.CreateDirectory(folder[$"data/class{c}"]);
            for (int i = 0; i < 2 + (10 * c); i++)
            {
                File.WriteAllBytes(folder[$"data/class{c}/{i:00}.ppm"], [.. "P6\n4 4\n255\n"u8, .. Enumerable.Repeat((byte)(60 * c), 48)]);
            }
        }

        using var source = new DataSource(folder["data"], null, 0);

        Assert.Equal([0, 1, 2, 3], source.Few(4).Select(i => source.Labels![i]));
        Assert.Equal([0, 0, 1, 1, 2, 2, 3, 3], source.Few(8).Select(i => source.Labels![i]));
        Assert.Equal(8, source.Few(8).Distinct().Count());
        Assert.All(source.Model().Samples, s => Assert.StartsWith("data:image/png;base64,", s.Picture!, StringComparison.Ordinal));
    }

    [Fact]
    public void Recordings_without_labels_are_told_apart_by_who_speaks()
    {
        string manifest = "path\tspeaker\n";
        for (int i = 0; i < 4; i++)
        {
            File.WriteAllBytes(folder[$"{i}.wav"], Convert.FromBase64String(DataUri.Wav([.. Enumerable.Range(0, 4000).Select(t => (float)Math.Sin(t * (i + 1) * 0.1))], 8000, 1, 2)["data:audio/wav;base64,".Length..]));
            manifest += $"{i}.wav\t{(i % 2 == 0 ? "ann" : "bob")}\n";
        }

        File.WriteAllText(folder["list.tsv"], manifest);
        using var source = new DataSource(folder["list.tsv"], null, 0);

        DataModel model = source.Model();

        Assert.Equal("speaker", model.By);
        Assert.Equal(["ann", "bob", "ann", "bob"], model.Samples.Select(s => model.Classes[s.Class]));
        Assert.All(model.Samples, s => Assert.StartsWith("data:audio/wav;base64,", s.Sound!, StringComparison.Ordinal));
        Assert.All(model.Samples, s => Assert.NotNull(s.Picture));
    }
}
