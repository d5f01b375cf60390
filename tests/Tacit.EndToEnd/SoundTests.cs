using System.Diagnostics;
using System.Text.Json;

namespace Tacit.EndToEnd;

/// <summary>Recordings as people have them: what is bad is named and skipped or padded, and no run ends because of it.</summary>
public sealed class SoundTests
{
    private static readonly string[] Skipped = ["empty.wav", "header-only.wav", "not-a-number.wav", "not-sound.wav", "zeros.wav"];

    [Fact]
    public void Data_info_tells_what_is_there()
    {
        using var folder = new Folder();
        TinySounds.Folders(folder["sounds"], 5);
        JsonElement info = Cli.Json("data", "info", folder["sounds"]);

        Assert.Equal("speech", info.GetProperty("modality").GetString());
        Assert.Equal(10, info.GetProperty("items").GetInt32());
        Assert.Equal(["high 5", "low 5"], info.GetProperty("classes").EnumerateArray().Select(c => $"{c.GetProperty("name")} {c.GetProperty("items")}"));
        Assert.Equal(11, info.GetProperty("seconds").GetDouble(), 3);       // 1, 1.05 … 1.2 s, twice
        Assert.Equal(1.1, info.GetProperty("length").GetProperty("median").GetDouble(), 3);
        Assert.Equal(TinySounds.Rate, Assert.Single(info.GetProperty("rates").EnumerateArray()).GetProperty("value").GetInt32());
        Screen.Holds(Cli.RunIn(folder.Path, "data", "info", "sounds").Error, "data-info-sounds");
    }

    [Fact]
    public void Data_info_names_what_is_bad()
    {
        using var folder = new Folder();
        TinySounds.Troubled(folder.Path);
        JsonElement info = Cli.Json("data", "info", folder.Path);

        Assert.Equal(18, info.GetProperty("items").GetInt32());
        Assert.Equal(Skipped, info.GetProperty("broken").EnumerateArray().Select(b => b.GetProperty("name").GetString()));
        Assert.Equal("faint.wav", Assert.Single(info.GetProperty("silent").EnumerateArray()).GetString());
        Assert.Equal("clipped.wav", Assert.Single(info.GetProperty("clipped").EnumerateArray()).GetProperty("name").GetString());
        Assert.Equal(["one-sample.wav", "too-short.wav"], info.GetProperty("tooShort").EnumerateArray().Select(n => n.GetString()));
        Assert.Equal("lies-about-length.wav", Assert.Single(info.GetProperty("damaged").EnumerateArray()).GetProperty("name").GetString());
        Assert.Equal(["16000 17", "44100 1"], info.GetProperty("rates").EnumerateArray().Select(r => $"{r.GetProperty("value")} {r.GetProperty("items")}"));
        Assert.Equal(1, info.GetProperty("ignored").GetInt32());
        Screen.Holds(Cli.RunIn(folder.Path, "data", "info", ".").Error, "data-info-troubled");
    }

    [Fact]
    public void A_run_on_bad_input_ends_well_and_names_what_was_skipped()
    {
        using var folder = new Folder();
        TinySounds.Troubled(folder["sounds"]);
        Outcome outcome = Cli.Run([.. Pretrain("simclr", folder["sounds"], folder["run"]), "--json"]);
        Outcome embedded = Cli.Run("embed", folder["run"], "--data", folder["sounds"], "--out", folder["features.csv"]);

        Assert.True(outcome.Code == 0, outcome.Error);
        Assert.Equal(6, outcome.Document().GetProperty("steps").GetInt32());
        Assert.True(double.IsFinite(outcome.Document().GetProperty("loss").GetDouble()));
        Assert.All(Skipped, name => Assert.Contains(name, outcome.Error, StringComparison.Ordinal));
        Assert.True(embedded.Code == 0, embedded.Error);
        string[] rows = File.ReadAllLines(folder["features.csv"]);
        Assert.Equal(18, rows.Length - 1);
        Assert.DoesNotContain(rows, row => row.Contains("NaN", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("wav2vec2")]
    [InlineData("gru")]
    [InlineData("audiontt")]
    public void Encoders_of_every_input_judge_bad_input(string backbone)
    {
        using var folder = new Folder();
        TinySounds.Troubled(folder.Path);
        Outcome outcome = Cli.Run("embed", $"random:{backbone}", "--data", folder.Path, "--out", folder["features.csv"]);

        Assert.True(outcome.Code == 0, outcome.Error);
        string[] rows = File.ReadAllLines(folder["features.csv"]);
        Assert.Equal(18, rows.Length - 1);
        Assert.DoesNotContain(rows, row => row.Contains("NaN", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void A_corpus_of_nothing_usable_is_refused_at_once()
    {
        using var folder = new Folder();
        TinySounds.Write(folder["sounds", "a.wav"], new float[TinySounds.Rate]);
        TinySounds.Write(folder["sounds", "b.wav"], new float[TinySounds.Rate]);
        File.WriteAllBytes(folder["sounds", "c.wav"], TinySounds.Wav([]));
        File.WriteAllBytes(folder["sounds", "d.wav"], []);
        Outcome outcome = Cli.Run(Pretrain("simclr", folder["sounds"], folder["run"], batch: 2));

        Assert.Equal(1, outcome.Code);
        Assert.Single(outcome.Error.Trim().Split(". "));
        Assert.DoesNotContain("   at ", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("None of the", outcome.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["run"]));
    }

    [Fact]
    public void A_transcript_without_its_recording_is_named()
    {
        using var folder = new Folder();
        TinySounds.Write(folder["tree", "7", "3", "7-3-0001.wav"], TinySounds.Hum(0, 1, TinySounds.Rate));
        File.WriteAllText(folder["tree", "7", "3", "7-3.trans.txt"], "7-3-0001 HERE IT IS\n7-3-0002 HERE IT IS NOT\n");
        JsonElement info = Cli.Json("data", "info", folder["tree"]);

        Assert.Equal(1, info.GetProperty("items").GetInt32());
        Assert.Equal(1, info.GetProperty("transcripts").GetInt32());
        Assert.Equal("7/3/7-3-0002", Assert.Single(info.GetProperty("broken").EnumerateArray()).GetProperty("name").GetString());
    }

    [Fact]
    public void A_method_for_pictures_refuses_recordings_and_the_other_way_round()
    {
        using var folder = new Folder();
        TinySounds.Folders(folder["sounds"], 2);
        Outcome mae = Cli.RunIn(folder.Path, "pretrain", "mae", "--data", "sounds");

        Assert.Equal(2, mae.Code);
        Assert.Contains("mae takes pictures, and 'sounds' holds recordings", Unwrapped(mae.Error), StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["runs"]));

        TinyPictures.Folders(folder["pictures"], 2);
        Outcome embedded = Cli.RunIn(folder.Path, "embed", "random:wav2vec2", "--data", "pictures", "--out", "features.csv");
        Assert.Equal(1, embedded.Code);
        Assert.Contains("The encoder takes recordings, and 'pictures' holds pictures.", Unwrapped(embedded.Error), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_of_both_says_which_it_takes()
    {
        using var folder = new Folder();
        TinySounds.Folders(folder["both"], 3);
        TinyPictures.Folders(folder["both"], 1);
        Outcome outcome = Cli.RunIn(folder.Path, "data", "info", "both");

        Assert.Equal(0, outcome.Code);
        Assert.Contains("both holds 3 pictures and 6 recordings: the 6 recordings are taken", Unwrapped(outcome.Error), StringComparison.Ordinal);
    }

    [Fact]
    public void A_manifest_alone_tells_what_its_files_are()
    {
        using var folder = new Folder();
        TinySounds.Folders(folder["sounds"], 2);
        File.WriteAllText(folder["list.tsv"], "path\tspeaker\tstart\tend\nsounds/high/00.wav\tann\t0\t0.5\nsounds/low/01.wav\tbob\t\t\nsounds/low/07.wav\tbob\t\t\n");
        JsonElement info = Cli.Json("data", "info", folder["list.tsv"]);

        Assert.Equal(2, info.GetProperty("items").GetInt32());
        Assert.Equal(0.5, info.GetProperty("length").GetProperty("min").GetDouble(), 3);
        Assert.Equal(["ann", "bob"], info.GetProperty("speakers").EnumerateArray().Select(s => s.GetProperty("name").GetString()));
        Assert.Equal("sounds/low/07.wav", Assert.Single(info.GetProperty("broken").EnumerateArray()).GetProperty("name").GetString());
    }

    [Fact]
    public void An_hour_is_read_in_pieces()
    {
        using var folder = new Folder();
        Directory.CreateDirectory(folder["sounds"]);
        TinySounds.Long(folder["sounds", "hour.wav"], 3600);        // 115 MB as stored, 230 MB as floats
        using Process process = Cli.Start(folder.Path, [.. Pretrain("simclr", "sounds", "run"), "--set", "monitor.items=16"]);
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        _ = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        long peak = 0;
        while (!process.WaitForExit(20))
        {
            process.Refresh();
            peak = Math.Max(peak, process.HasExited ? 0 : process.PeakWorkingSet64);
        }

        string said = error.GetAwaiter().GetResult();
        Assert.True(process.ExitCode == 0, said);
        Assert.Contains("1,895 recordings", said, StringComparison.Ordinal);
        Assert.InRange(peak, 1, 400L << 20);
    }

    private static string[] Pretrain(string method, string data, string run, int batch = 8) =>
        ["pretrain", method, "--data", data, "--out", run, "--steps", "6", "--batch-size", $"{batch}", "--set", "model.dim=16", "--set", "method.projector=[16,8]"];

    /// <summary>The sentence as it was before it was wrapped to the screen.</summary>
    private static string Unwrapped(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
