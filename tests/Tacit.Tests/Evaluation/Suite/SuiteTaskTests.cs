using Tacit.Evaluation.Scores;
using Tacit.Evaluation.Suite;

namespace Tacit.Tests.Evaluation.Suite;

public sealed class SuiteTaskTests
{
    private static SuiteRow Run(SuiteContext context, string task) => Assert.Single(SuiteRunner.Run(context, SuiteCatalog.Choose(task)));

    private static TinySuite Keywords() => new TinySuite()
        .Words("speech-commands-train", 1, 8, "go", "stop", "up", "yes")
        .Words("speech-commands-test", 50, 5, "go", "stop", "up", "yes");

    [Fact]
    public void Keywords_that_are_tones_are_told_and_the_row_says_how_well()
    {
        using TinySuite suite = Keywords();
        using SuiteContext context = suite.Context();
        SuiteRow row = Run(context, "ks");
        var result = Assert.Single(row.Results);

        Assert.Equal(("raw", "ks", "superb", "accuracy", 20), (result.Encoder, result.Task, result.Protocol, result.Metric, result.N));
        Assert.True(result.Value > 0.9, $"{result.Value}: {row.Detail}");
        Assert.InRange(result.Value, result.Low, result.High);
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits_with_and_without_a_cache()
    {
        using TinySuite suite = Keywords();
        string Once()
        {
            using SuiteContext context = suite.Context(options: new SuiteOptions { Steps = 40 });
            SuiteRow row = Run(context, "ks");
            return $"{row.Results[0]} {row.Detail}";
        }

        string first = Once(), cached = Once();
        Directory.Delete(suite.Cache, recursive: true);

        Assert.Equal(first, cached);
        Assert.Equal(first, Once());
    }

    [Fact]
    public void A_task_whose_data_is_absent_says_what_it_needs_and_the_next_goes_on()
    {
        using TinySuite suite = Keywords();
        using SuiteContext context = suite.Context(options: new SuiteOptions { Steps = 20 });
        SuiteRow[] rows = [.. SuiteRunner.Run(context, SuiteCatalog.Choose("ks,er"))];

        Assert.Single(rows[0].Results);
        Assert.Empty(rows[1].Results);
        Assert.Contains("lacks emodb-4class", rows[1].Detail, StringComparison.Ordinal);
        Assert.Contains("http", rows[1].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_class_of_the_test_part_alone_is_refused()
    {
        using TinySuite suite = Keywords().Word("speech-commands-test", "left", 60);
        using SuiteContext context = suite.Context();

        Assert.Contains("has the class 'left', which the set that is learned from does not have", Run(context, "ks").Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Recordings_without_a_label_are_left_out_and_counted()
    {
        using TinySuite suite = Keywords();
        string[] files = [.. Directory.GetFiles(Path.Combine(suite.Data, "speech-commands-train"), "*.wav", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        suite.Text("speech-commands-train/manifest.tsv", "path\tlabel\n" + string.Concat(files.Select((f, i) =>
            $"{Path.GetRelativePath(Path.Combine(suite.Data, "speech-commands-train"), f)}\t{(i % 8 == 0 ? "" : Path.GetFileName(Path.GetDirectoryName(f)))}\n")));
        var said = new List<string>();
        using SuiteContext context = suite.Context(options: new SuiteOptions { Steps = 20 }, say: said.Add);

        Assert.Single(Run(context, "ks").Results);
        Assert.Contains("4 of 32 recordings have no label and are left out", Assert.Single(said), StringComparison.Ordinal);
    }

    [Fact]
    public void A_set_without_labels_is_refused()
    {
        using TinySuite suite = new TinySuite().Words("speech-commands-test", 50, 2, "go", "up");
        suite.Write("speech-commands-train/a.wav", 300, 1, 0).Write("speech-commands-train/b.wav", 400, 1, 0);
        using SuiteContext context = suite.Context();

        Assert.Contains("speech-commands-train has no labels", Run(context, "ks").Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Verification_needs_two_speakers()
    {
        using TinySuite suite = Keywords();
        suite.Write("librispeech-train/11/1/11-1-0000.wav", 300, 1, 0, 1).Text("librispeech-train/11/1/11-1.trans.txt", "11-1-0000 A\n")
            .Write("librispeech-test/12/1/12-1-0000.wav", 300, 1, 0, 1).Text("librispeech-test/12/1/12-1.trans.txt", "12-1-0000 A\n");
        using SuiteContext context = suite.Context();

        Assert.Contains("librispeech-train has recordings of one speaker only", Run(context, "asv").Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Speakers_and_their_trials_are_told()
    {
        using TinySuite suite = new TinySuite();
        foreach ((string set, int first, int count) in (ReadOnlySpan<(string, int, int)>)[("librispeech-train", 10, 5), ("librispeech-test", 20, 2)])
        {
            for (int s = first; s < first + count; s++)
            {
                for (int u = 0; u < 4; u++)
                {
                    suite.Write($"{set}/{s}/1/{s}-1-{u:0000}.wav", 200 + (130 * (s % 10)), s, u, 1.5);
                }

                suite.Text($"{set}/{s}/1/{s}-1.trans.txt", string.Concat(Enumerable.Range(0, 4).Select(u => $"{s}-1-{u:0000} WORD\n")));
            }
        }

        // Whoever speaks has a pitch of their own.
        for (int s = 0; s < 8; s++)
        {
            for (int take = 0; take < 3; take++)
            {
                suite.Word("speech-commands-train", take == 0 ? "go" : "up", 100 + s, take, 260 + (140 * s)).Word("speech-commands-test", take == 0 ? "go" : "up", 200 + s, take, 330 + (140 * s));
            }
        }

        var options = new SuiteOptions { Steps = 60, BatchSize = 16, Rates = [1e-3] };
        using SuiteContext context = suite.Context(options: options);
        SuiteRow sid = Run(context, "sid"), asv = Run(context, "asv");

        Assert.True(Assert.Single(sid.Results).Value > 0.8, $"{sid.Results[0].Value}");
        Assert.Equal(["eer", "min-dcf"], asv.Results.Select(r => r.Metric));
        Assert.True(asv.Results[0].Value < 0.3, $"{asv.Results[0]}");
        Assert.InRange(asv.Results[0].Value, asv.Results[0].Low, asv.Results[0].High);
    }

    [Fact]
    public void Commands_and_emotions_run_on_what_can_be_told()
    {
        using TinySuite suite = Keywords();
        foreach (string emotion in (string[])["angry", "happy"])
        {
            for (int s = 1; s <= 10; s++)
            {
                suite.Write($"emodb-4class/{emotion}/{s:00}a01{(emotion == "angry" ? "Wa" : "Fa")}.wav", emotion == "angry" ? 900 : 300, s, 0, 0.4);
            }
        }

        using SuiteContext context = suite.Context(options: new SuiteOptions { Steps = 200, Rates = [1e-2] });
        SuiteRow er = Run(context, "er"), ic = Run(context, "ic");

        Assert.Equal(["accuracy", "unweighted-accuracy"], er.Results.Select(r => r.Metric));
        Assert.True(er.Results.All(r => r.Value > 0.9), $"{er.Results[0]} {er.Results[1]} {er.Detail}");
        Assert.True(Assert.Single(ic.Results).Value > 0.3, $"{ic.Results[0]}");
    }

    [Fact]
    public void Emotion_folds_are_whole_speakers_of_even_number()
    {
        int[] speakers = [.. Enumerable.Range(0, 60).Select(i => i % 10)], folds = EmotionRecognition.SpeakerFolds(speakers, 3);

        Assert.All(Enumerable.Range(0, 5), f => Assert.Equal(2, speakers.Where((_, i) => folds[i] == f).Distinct().Count()));
        Assert.All(Enumerable.Range(0, 10), s => Assert.Single(folds.Where((_, i) => speakers[i] == s).Distinct()));
    }

    [Fact]
    public void Unweighted_accuracy_is_the_mean_over_classes() =>
        Assert.Equal((0.75 + 0.0) / 2, EmotionRecognition.Unweighted([0, 1, 2, 3, 4], [1, 1, 1, 0, 0], [7, 7, 7, 7, 9]), 1e-12);

    [Fact]
    public void Trials_count_as_often_as_their_speakers_are_drawn()
    {
        Trial[] trials = [new(0, 0, 0.9), new(1, 1, 0.2), new(0, 1, 0.5), new(0, 1, 0.1)];
        int calls = 0;
        SuiteScore score = Trials.Score("eer", trials, (targets, others) =>
        {
            calls++;
            Assert.Equal(targets.Count(t => t == 0.9) * targets.Count(t => t == 0.2), others.Count(o => o == 0.5));
            return EqualErrorRate.Of(targets, others);
        }, 0);

        Assert.Equal(0.5, score.Value, 1e-12);      // both speakers once: miss 0.2 and accept 0.5, or not
        Assert.Equal(4, score.N);
        Assert.True(calls > 100, "draws of one speaker alone have no trials of two and are left out");
    }

    [Fact]
    public void Trials_of_different_sets_have_thresholds_of_their_own()
    {
        // Each set is told without an error, although the words' targets score below the readers' others; a third set has no targets.
        Trial[] trials = [new(0, 0, 0.9, 0), new(0, 1, 0.8, 0), new(2, 2, 0.3, 1), new(2, 3, 0.1, 1), new(4, 5, 0.5, 2)];

        Assert.Equal(0, Trials.Mean(trials, EqualErrorRate.Of));
        Assert.Equal(0.5, Trials.Mean([.. trials, new(4, 4, 0.4, 2), new(5, 5, 0.6, 2), new(4, 5, 0.5, 2)], EqualErrorRate.Of) * 3, 1e-12);
        Assert.True(double.IsNaN(Trials.Mean(trials[4..], EqualErrorRate.Of)));
    }

    [Fact]
    public void Held_out_groups_are_whole_and_hold_their_share()
    {
        int[] groups = [.. Enumerable.Range(0, 100).Select(i => i % 10 == 9 ? -1 : i % 9)];
        bool[] held = SuiteSplit.Groups(groups, 0.2, 1);

        Assert.InRange(held.Count(h => h), 20, 31);
        Assert.All(Enumerable.Range(0, 9), g => Assert.Single(held.Where((_, i) => groups[i] == g).Distinct()));
    }
}
