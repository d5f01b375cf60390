using Tacit.Data;
using Tacit.Evaluation.Suite;
using Tacit.Evaluation.Suite.Sequence;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Evaluation.Suite.Sequence;

public sealed class SequenceTaskTests
{
    private static SuiteRow Run(SuiteContext context, string task) => Assert.Single(SuiteRunner.Run(context, SuiteCatalog.Choose(task)));

    /// <summary>Speakers with utterances of one tone each, which say what is given.</summary>
    private static TinySuite Speech(TinySuite suite, string set, int firstSpeaker, int speakers, params string[] texts)
    {
        for (int s = firstSpeaker; s < firstSpeaker + speakers; s++)
        {
            for (int u = 0; u < texts.Length; u++)
            {
                suite.Write($"{set}/{s}/1/{s}-1-{u:0000}.wav", 300 + (400 * u), s, u, 0.6);
            }

            suite.Text($"{set}/{s}/1/{s}-1.trans.txt", string.Concat(texts.Select((text, u) => $"{s}-1-{u:0000} {text}\n")));
        }

        return suite;
    }

    [Fact]
    public void Tones_are_learned_as_phones_and_letters()
    {
        using TinySuite suite = Speech(Speech(new TinySuite(), "librispeech-train", 10, 6, "A", "I", "O", "E"), "librispeech-test", 30, 2, "A", "I", "O", "E");
        suite.Text("lexicon.txt", "a AH0\ni AY1\no OW1\ne IY1\n");
        Compress(Path.Combine(suite.Data, "lexicon.txt"), Path.Combine(suite.Data, "cmudict-en-us.dict.gz"));
        using SuiteContext context = suite.Context(options: new SuiteOptions { Steps = 150, BatchSize = 8, Rates = [1e-2] });
        SuiteRow pr = Run(context, "pr");
        Assert.Equal(("per", 8), (pr.Results[0].Metric, pr.Results[0].N));
        Assert.True(pr.Results[0].Value < 0.3, $"{pr.Results[0]} {pr.Detail}");

        using SuiteContext slower = suite.Context(options: new SuiteOptions { Steps = 300, BatchSize = 8, Rates = [1e-3] });
        SuiteRow asr = Run(slower, "asr");
        Assert.Equal(["wer", "wer-lm", "cer"], asr.Results.Select(r => r.Metric));
        Assert.All(asr.Results, r => Assert.True(r.Value < 0.5, $"{r} {asr.Detail}"));
        Assert.All(asr.Results, r => Assert.InRange(r.Value, r.Low, r.High));
    }

    [Fact]
    public void Transcripts_that_are_empty_or_cannot_be_written_are_left_out_and_counted()
    {
        using TinySuite suite = Speech(Speech(new TinySuite(), "librispeech-train", 10, 3, "GO", "", "20 CATS", "NO"), "librispeech-test", 30, 1, "GO", "CAFÉ");
        var said = new List<string>();
        using SuiteContext context = suite.Context(options: new SuiteOptions { Steps = 2, Rates = [1e-3] }, say: said.Add);

        Assert.Equal(1, Run(context, "asr").Results[0].N);
        Assert.Contains("librispeech-train: 3 of 12 recordings have no transcript, or an empty one, and are left out.", said);
        Assert.Contains("librispeech-train: 3 of 12 recordings have characters other than letters, apostrophes and spaces and are left out.", said);
        Assert.Contains("librispeech-test: 1 of 2 recordings have characters other than letters, apostrophes and spaces and are left out.", said);
    }

    [Fact]
    public void Nothing_left_to_learn_from_is_refused()
    {
        using TinySuite suite = Speech(Speech(new TinySuite(), "librispeech-train", 10, 2, "20"), "librispeech-test", 30, 1, "GO");
        using SuiteContext context = suite.Context();
        Assert.Equal(
            "No transcript in librispeech-train can be used: all 2 are missing, empty or have characters other than letters, apostrophes and spaces.",
            Run(context, "asr").Detail);
    }

    [Fact]
    public void One_speaker_has_no_development_part()
    {
        using TinySuite suite = Speech(Speech(new TinySuite(), "librispeech-train", 10, 1, "GO", "NO"), "librispeech-test", 30, 1, "GO");
        using SuiteContext context = suite.Context();
        Assert.Contains("librispeech-train has one speaker only", Run(context, "asr").Detail, StringComparison.Ordinal);
        Assert.Contains("librispeech-train has 0 speakers with utterances of a second or more, and at least 4 are needed", Run(context, "sd").Detail, StringComparison.Ordinal);
        Assert.Contains("and at least 2 are needed", Run(context, "vad").Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void An_utterance_with_fewer_states_than_its_transcript_needs_is_not_learned_from()
    {
        // 0.6 s are 58 states of FBANK, 15 of four each; 20 letters do not fit.
        using TinySuite suite = Speech(Speech(new TinySuite(), "librispeech-train", 10, 3, "GO", "ABCDEFGHIJKLMNOPQRST"), "librispeech-test", 30, 1, "ABCDEFGHIJKLMNOPQRST");
        var said = new List<string>();
        using SuiteContext context = suite.Context(options: new SuiteOptions { Steps = 2, Rates = [1e-3] }, say: said.Add);

        Assert.Equal(1, Run(context, "asr").Results[0].N);      // it is judged all the same
        Assert.Contains(said, s => s.Contains("To learn from: 2 of 4 recordings have fewer states than their transcript has symbols and are left out.", StringComparison.Ordinal));
        Assert.Equal((0, 1, 3, 5), (Ops.CtcFrames([]), Ops.CtcFrames([7]), Ops.CtcFrames([7, 7]), Ops.CtcFrames([1, 2, 2, 1])));

        using TinySuite hopeless = Speech(Speech(new TinySuite(), "librispeech-train", 10, 3, "ABCDEFGHIJKLMNOPQRST"), "librispeech-test", 30, 1, "GO");
        using SuiteContext refused = hopeless.Context();
        Assert.Contains("None of 2 recordings has as many states as its transcript has symbols", Run(refused, "asr").Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Tones_are_found_in_strings_of_tones()
    {
        using TinySuite suite = new TinySuite().Words("speech-commands-test", 50, 12, "go", "stop", "up", "yes", "_unknown_").Words("speech-commands-train", 1, 4, "go", "up");
        using SuiteContext context = suite.Context();
        SuiteRow row = Run(context, "qbe");
        Assert.Equal(("mtwv", 100), (row.Results[0].Metric, row.Results[0].N));
        Assert.True(row.Results[0].Value > 0.5, $"{row.Results[0]}");
        Assert.Contains("layer fbank", row.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Queries_are_of_other_speakers_than_documents()
    {
        using TinySuite suite = new TinySuite().Words("words", 50, 10, "go", "stop", "_unknown_");
        using SoundDataset words = SoundDataset.Open(Path.Combine(suite.Data, "words"));
        var set = SpokenQueries.Make(words, 20, 30, 4);
        int SpeakerOf(ReadOnlySpan<float> part)
        {
            for (int i = 0; i < words.Count; i++)
            {
                if (words.Read(i).AsSpan().IndexOf(part) >= 0)
                {
                    return words.Speakers![i];
                }
            }

            return -1;
        }

        HashSet<int> asking = [.. set.Queries.Select(q => SpeakerOf(q))], answering = [.. set.Documents.SelectMany(d => Enumerable.Range(0, 5).Select(w => SpeakerOf(d.AsSpan(w * 4800, 4800))))];
        Assert.DoesNotContain(-1, asking.Concat(answering));
        Assert.Empty(asking.Intersect(answering));
        Assert.All(set.QueryWords, word => Assert.NotEqual("_unknown_", words.Classes[word]));
        Assert.InRange(set.DocumentWords.SelectMany(w => w).Count(w => words.Classes[w] == "_unknown_") / 150.0, 0.45, 0.75);

        using SoundDataset nobody = SoundDataset.Of("nobody", [new float[100]]);
        Assert.Contains("no words or no speakers", Assert.Throws<TacitException>(() => SpokenQueries.Make(nobody, 1, 1, 0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_speaks_and_whether_anybody_does_is_learned()
    {
        using TinySuite suite = new();
        foreach ((string set, int first, int count) in (ReadOnlySpan<(string, int, int)>)[("librispeech-train", 10, 6), ("librispeech-test", 30, 2)])
        {
            for (int s = first; s < first + count; s++)
            {
                suite.Write($"{set}/{s}/1/{s}-1-0000.wav", 300 + (350 * (s % 10)), s, 0, 4).Text($"{set}/{s}/1/{s}-1.trans.txt", $"{s}-1-0000 A\n");
            }
        }

        using SuiteContext context = suite.Context(options: new SuiteOptions { Steps = 60, Rates = [1e-2], BatchSize = 4 });
        SuiteRow vad = SuiteRunner.Run(context, [new VoiceActivity(new MixtureCounts(12, 4, 8))]).Single(), sd = SuiteRunner.Run(context, [new Diarization(new MixtureCounts(16, 4, 8))]).Single();
        Assert.Equal(["f1", "accuracy"], vad.Results.Select(r => r.Metric));
        Assert.True(vad.Results[1].Value > 0.75, $"{vad.Results[1]}");
        Assert.Equal(("der", 8), (sd.Results[0].Metric, sd.Results[0].N));
        Assert.True(sd.Results[0].Value < 0.45, $"{sd.Results[0]} {sd.Detail}");
    }

    [Fact]
    public void Padding_does_not_change_what_a_head_says()
    {
        using TinySuite suite = Speech(new TinySuite(), "librispeech-train", 10, 1, "GO");
        suite.Write("librispeech-train/10/1/10-1-0001.wav", 500, 1, 1, 1.3).Text("librispeech-train/10/1/10-1.trans.txt", "10-1-0000 GO\n10-1-0001 NO\n");
        using SuiteContext context = suite.Context();
        StateStore store = context.States(context.Data.Sounds("librispeech-train"));
        var head = new SequenceHead(store, new SequenceHeadSizes(8, 2, 6, true, 4, 0.2f), 5);
        head.Initialize(1);
        head.Eval();
        using Scope scope = Scope.NoGradient();
        (Tensor states, int[] lengths) = store.Batch([0, 1]);
        (Tensor both, int[] remaining) = head.Forward(states, lengths);
        Tensor alone = HeadFit.Answers(head, store, [0]).Single();
        Assert.Equal([(lengths[0] + 3) / 4, (lengths[1] + 3) / 4], remaining);
        Oracle.AssertClose(alone.Span, both.Rows(0, 1).Span[..alone.Length], 1e-5);
    }

    private static void Compress(string from, string to)
    {
        using FileStream output = File.Create(to);
        using var gzip = new System.IO.Compression.GZipStream(output, System.IO.Compression.CompressionLevel.Fastest);
        gzip.Write(File.ReadAllBytes(from));
    }
}
