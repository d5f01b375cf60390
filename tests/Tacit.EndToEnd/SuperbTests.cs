using System.Text.Json;

namespace Tacit.EndToEnd;

/// <summary>The speech suite, as a user runs it.</summary>
public sealed class SuperbTests
{
    private static readonly string[] Keys = ["encoder", "task", "protocol", "metric", "value", "low", "high", "n"];

    /// <summary>Words that are tones, a class each, by speakers of whom none is on both sides.</summary>
    private static string Sets(Folder folder)
    {
        foreach ((string set, int first, int speakers) in (ReadOnlySpan<(string, int, int)>)[("speech-commands-train", 1, 6), ("speech-commands-test", 11, 4)])
        {
            for (int s = first; s < first + speakers; s++)
            {
                for (int c = 0; c < 2; c++)
                {
                    TinySounds.Write(folder["data", set, TinySounds.Classes[c], $"{0xabc00000 + s:x8}_nohash_0.wav"], TinySounds.Hum(c, s, 8000));
                }
            }
        }

        return folder["data"];
    }

    [Fact]
    public void A_task_is_judged_and_those_without_their_data_say_what_they_need()
    {
        using var folder = new Folder();
        string[] command = ["superb", "raw", "--data", Sets(folder), "--tasks", "ks,er", "--cache", folder["cache"], "--set", "train.steps=200"];
        Outcome outcome = Cli.Run([.. command, "--json"]);

        Assert.True(outcome.Code == 0, outcome.Error);
        JsonElement result = Assert.Single(outcome.Document().GetProperty("results").EnumerateArray());
        Assert.Equal(Keys, result.EnumerateObject().Select(p => p.Name));
        Assert.Equal(["raw", "ks", "superb", "accuracy"], Keys[..4].Select(k => result.GetProperty(k).GetString()));
        Assert.Equal(8, result.GetProperty("n").GetInt32());
        Assert.True(result.GetProperty("value").GetDouble() > 0.8);
        Assert.Equal([true, false], outcome.Document().GetProperty("tasks").EnumerateArray().Select(t => t.GetProperty("done").GetBoolean()));
        Assert.Single(Directory.GetFiles(folder["cache"], "*.rate"));
        Screen.Holds(
            Cli.RunIn(folder.Path, [.. command[..2], "--data", "data", .. command[4..]]).Error,
            "superb",
            (@"\d:\d\d,", "0:00,"),
            (@"lr [\d.E-]+", "lr N"));
    }

    [Fact]
    public void Nothing_that_can_run_ends_with_1()
    {
        using var folder = new Folder();
        Directory.CreateDirectory(folder["data"]);
        Outcome outcome = Cli.Run("superb", "raw", "--data", folder["data"], "--cache", folder["cache"]);

        Assert.Equal(1, outcome.Code);
        Assert.Contains("could run on", outcome.Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Contains("emodb-4class", outcome.Error, StringComparison.Ordinal);
        Assert.Empty(outcome.Output);
    }

    [Theory]
    [InlineData("superb raw --data . --tasks kss", 2, "There is no task 'kss'. Did you mean 'ks'?")]
    [InlineData("superb raw --data . --set head.prset=superb", 2, "Did you mean 'head.preset'?")]
    [InlineData("superb nowhere --data .", 1, "There is no run 'nowhere'")]
    [InlineData("superb raw --data nowhere", 1, "There is no folder nowhere")]
    public void What_cannot_be_done_is_said(string arguments, int code, string sentence)
    {
        using var folder = new Folder();
        Outcome outcome = Cli.RunIn(folder.Path, arguments.Split(' '));

        Assert.Equal(code, outcome.Code);
        Assert.Contains(sentence, outcome.Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", outcome.Error, StringComparison.Ordinal);
    }
}
