using System.Text.Json;

namespace Tacit.EndToEnd;

/// <summary>Text from the command line: what is there, learning from it, and telling labelled texts apart.</summary>
public sealed class TextTests
{
    private const string Verse = "From fairest creatures we desire increase, that thereby beauty's rose might never die. ";

    [Theory]
    [InlineData("bert")]
    [InlineData("gpt")]
    public void A_text_file_is_learned_from_and_labelled_texts_are_told_apart(string method)
    {
        using var folder = new Folder();
        string text = folder["sonnets.txt"], rows = folder["rows.tsv"], run = folder["run"];
        File.WriteAllText(text, string.Concat(Enumerable.Range(0, 30).Select(i => Verse[(i % 20)..] + "\n")));
        File.WriteAllText(rows, "text\tlabel\n" + string.Concat(Enumerable.Range(0, 12).Select(i => $"{Verse[i..(i + 30)]}\tlow\n{Verse[i..(i + 30)].ToUpperInvariant()}\thigh\n")));

        JsonElement info = Cli.Json("data", "info", rows);
        Assert.Equal(("text", 24, 2), (info.GetProperty("modality").GetString(), info.GetProperty("items").GetInt32(), info.GetProperty("classes").GetArrayLength()));
        Assert.True(Cli.Json("data", "info", text).GetProperty("words").GetInt64() > 300);

        Outcome trained = Cli.Run("pretrain", method, "--data", text, "--steps", "2", "--batch-size", "8", "--set", "model.depth=1", "--set", "model.dim=16", "--out", run, "--json");
        Assert.True(trained.Code == 0, trained.Error);
        Assert.True(File.Exists(folder["run", "tokenizer.json"]));
        Assert.Contains("texts of at most 64 tokens", trained.Error, StringComparison.Ordinal);

        JsonElement[] results = [.. Cli.Json("eval", run, "--data", rows, "--protocol", "knn").GetProperty("results").EnumerateArray()];
        Assert.Equal(["raw", "random:token-transformer", "run"], results.Select(r => r.GetProperty("encoder").GetString()!));
        Assert.Equal(1, results[0].GetProperty("value").GetDouble());
    }

    [Fact]
    public void A_method_of_pictures_refuses_text()
    {
        using var folder = new Folder();
        File.WriteAllText(folder["a.txt"], Verse);
        Outcome outcome = Cli.Run("pretrain", "simclr", "--data", folder["a.txt"]);
        Assert.Equal(2, outcome.Code);
        Assert.Contains("simclr takes pictures or recordings", outcome.Error, StringComparison.Ordinal);
    }
}
