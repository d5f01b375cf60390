using Tacit.Data;
using Tacit.Data.Loading;
using Tacit.Evaluation;
using Tacit.Evaluation.Scores;
using Tacit.Evaluation.Suite.Sequence;
using Tacit.Methods;
using Tacit.Models;
using Tacit.Tensors;
using Tacit.Training;

namespace Tacit.Tests.Evaluation.FineTuning;

public sealed class CtcTests
{
    private static readonly SoundInput Frames = new() { Form = SoundForm.Frames, Mels = 80 };

    private static readonly FineTuneOptions Quick = CtcTask.Defaults with { Steps = 400, BatchSize = 6, HeadRate = 1, Lr = 1e-2, ScratchLr = 1e-2, TimeMasks = 0, FrequencyMasks = 0 };

    [Theory]
    [InlineData("Hello, World!", "HELLO WORLD", 2)]         // , and !
    [InlineData("don’t  stop", "DON'T STOP", 0)]            // a curled apostrophe is straightened
    [InlineData("café—naïve/co-op", "CAFE NAIVE CO OP", 0)] // accents come off, dashes and slashes part words
    [InlineData("7 €", "", 2)]
    public void Letters_are_what_published_models_write_and_what_is_dropped_is_counted(string text, string plain, int dropped)
    {
        Assert.Equal(plain, LetterUnits.Plain(text, out int count));
        Assert.Equal(dropped, count);
    }

    [Fact]
    public void Letters_have_the_numbers_of_their_vocabulary()
    {
        var units = new LetterUnits();

        Assert.Equal(29, units.Names.Count);
        Assert.Equal(["<pad>", "|", "'", "A"], units.Names.Take(4));
        Assert.Equal([3, 1, 28, 2], units.Encode("a z'", out _)!);
        Assert.Null(units.Encode("42", out int dropped));
        Assert.Equal(2, dropped);
    }

    [Fact]
    public void What_cannot_be_used_is_left_out_counted_and_told()
    {
        using var folder = new TemporaryFolder();
        using SoundDataset data = Spoken(folder.Root, ["ab", "", "42", "a, b", "ba", "ab"]);
        var told = new List<string>();
        var items = CtcItems.Of(data, new LetterUnits(), told.Add);

        Assert.Equal([0, 3, 4, 5], items.Items);
        Assert.Equal([[3, 4], [3, 1, 4], [4, 3], [3, 4]], items.Targets);
        Assert.Equal(3, told.Count);
        Assert.Contains("1 of 6 recordings have no transcript, or an empty one,", told[0], StringComparison.Ordinal);
        Assert.Contains("1 of 6 recordings have no character of the alphabet", told[1], StringComparison.Ordinal);
        Assert.Contains("1 characters outside the alphabet were dropped from 1 transcripts", told[2], StringComparison.Ordinal);
    }

    [Fact]
    public void A_recording_with_a_word_that_the_lexicon_lacks_is_left_out()
    {
        using var folder = new TemporaryFolder();
        using SoundDataset data = Spoken(folder.Root, ["go", "go on", "stop"]);
        var units = new PhoneUnits(Lexicon.Of(["go G OW1", "on AA1 N"], "lexicon"));

        Assert.Equal(["<pad>", "AA", "G", "N", "OW"], units.Names);
        Assert.Equal([[2, 4], [2, 4, 1, 3]], CtcItems.Of(data, units).Targets);
    }

    [Fact]
    public void Nothing_to_learn_from_is_refused_with_the_reason()
    {
        using var folder = new TemporaryFolder();
        using SoundDataset silent = SoundDataset.Of("sounds", [new float[800]]), numbers = Spoken(folder.Root, ["1", "2"]);

        Assert.Contains("has no transcripts", Refusal(() => CtcItems.Of(silent, new LetterUnits())), StringComparison.Ordinal);
        Assert.Contains("No transcript", Refusal(() => CtcItems.Of(numbers, new LetterUnits())), StringComparison.Ordinal);
        Assert.Contains("--lexicon", Refusal(() => CtcUnits.Of("phones", null)), StringComparison.Ordinal);
        Assert.Contains("fewer states", string.Concat(Told(say => CtcItems.Of(Spoken(folder["more"], ["ab", "aaaa"]), new LetterUnits()).Fitting(_ => 6, say))), StringComparison.Ordinal);
    }

    [Fact]
    public void Equal_neighbours_need_a_blank_between_them() => Assert.Equal(8, Ops.CtcFrames([3, 3, 4, 4, 4]));       // 3 _ 3 4 _ 4 _ 4

    [Fact]
    public void Rates_are_of_all_recordings_together_and_their_spread_is_of_the_draws()
    {
        ErrorRate Of(int edits, int length) => new(edits, 0, 0, length);
        ErrorRow row = ErrorRow.Of("a", "t", "finetune", "wer", [[Of(1, 10), Of(3, 10)], [Of(2, 10), Of(6, 10)]], "", 0);
        ErrorRow other = ErrorRow.Of("b", "t", "finetune", "wer", [[Of(5, 10), Of(5, 10)], [Of(5, 10), Of(5, 10)]], "", 0);

        Assert.Equal(0.3, row.Result.Value, 1e-12);         // of 4/20 and 8/20
        Assert.Equal(Math.Sqrt(0.02), row.Result.Spread!.Value, 1e-12);
        Assert.Equal(-0.2, ErrorRow.Compare(row, other, 0).Value, 1e-12);
        Assert.Equal((0.15, 0.45), (row.Result.Low, row.Result.High));      // one recording twice is the most that two can give
    }

    [Fact]
    public void Two_tones_are_spelled_after_a_few_steps_and_the_result_can_be_opened()
    {
        using var folder = new TemporaryFolder();
        using SoundDataset data = Spoken(folder["data"], ["a", "b", "a", "b", "a", "b"]);
        Encoder encoder = Encoder.Random(ModelOptions.OfBackbone("gru").Backbone with { Dim = 24, Depth = 1 }, Frames, 1);
        var task = new CtcTask(data, data, "letters", null, Quick, 0);
        IReadOnlyList<ErrorRow> rows = task.Run(encoder, finetune: true, result => result.Save(folder["ctc"]));

        Assert.Equal([("scratch:gru", "wer"), ("scratch:gru", "cer")], rows.Select(r => (r.Result.Encoder, r.Result.Metric)));
        Assert.Equal("A A B B A A", string.Join(" ", task.Samples.Select(s => s.Said + " " + s.Read)));
        Assert.All(rows, r => Assert.Equal(0, r.Result.Value));
        Assert.Equal(("A", "A"), task.Samples[0]);
        Assert.Equal(["lm_head.weight", "lm_head.bias"], Safetensors.Read(Path.Combine(folder["ctc"], "lm_head.safetensors")).Tensors.Keys.OrderDescending(StringComparer.Ordinal));
        Assert.Equal(24, Encoder.Open(folder["ctc"], Frames).Dim);
    }

    [Fact]
    public void An_encoder_of_waveforms_is_saved_as_published_ones_are()
    {
        using var folder = new TemporaryFolder();
        using SoundDataset data = Spoken(folder["data"], ["a", "b", "a", "b", "a", "b"]);
        Encoder encoder = Encoder.Random(
            ModelOptions.OfBackbone("wav2vec2").Backbone with { ConvDim = 8, Dim = 16, Depth = 2, Heads = 2, PositionKernel = 8, PositionGroups = 2 }, new SoundInput { Form = SoundForm.Wave }, 1);
        new CtcTask(data, data, "letters", null, Quick with { Steps = 2 }, 0).Run(encoder, finetune: true, result => result.Save(folder["ctc"]));
        var opened = PublishedEncoder.Load(folder["ctc"]);

        Assert.Equal(["lm_head.bias", "lm_head.weight"], opened.Ignored.Order(StringComparer.Ordinal));
        Assert.Equal(new Shape(29, 16), Safetensors.Read(Path.Combine(folder["ctc"], "model.safetensors")).Tensors["lm_head.weight"].Shape);
        Assert.Contains("Wav2Vec2ForCTC", File.ReadAllText(Path.Combine(folder["ctc"], "config.json")), StringComparison.Ordinal);
        Assert.Contains("\"|\": 1", File.ReadAllText(Path.Combine(folder["ctc"], "vocab.json")), StringComparison.Ordinal);
        Assert.Equal(16, Encoder.Open(folder["ctc"], Frames).Dim);
    }

    [Fact]
    public void Encoders_without_states_over_time_are_refused()
    {
        using var folder = new TemporaryFolder();
        using SoundDataset data = Spoken(folder.Root, ["a", "b"]);
        Encoder encoder = Encoder.Random(new BackboneOptions { Width = 4, Channels = 1, Mels = 64 }, Frames with { Form = SoundForm.Picture, Mels = 64 }, 1);

        Assert.Contains("a state for each moment", Refusal(() => new CtcTask(data, data, "letters", null, Quick, 0).Run(encoder, finetune: true)), StringComparison.Ordinal);
    }

    private static string Refusal(Action act) => Assert.ThrowsAny<TacitException>(act).Message;

    private static List<string> Told(Action<Action<string>> act)
    {
        var told = new List<string>();
        act(told.Add);
        return told;
    }

    /// <summary>A manifest of recordings of half a second: faint noise, and in its middle a tone whose pitch the text's first letter tells.</summary>
    private static SoundDataset Spoken(string folder, string[] texts)
    {
        Directory.CreateDirectory(folder);
        var lines = new List<string> { "path\ttext" };
        for (int n = 0; n < texts.Length; n++)
        {
            double pitch = texts[n].StartsWith('a') ? 300 : 1200;
            var noise = new RandomSequence(1, 2, n);
            short[] samples = new short[8000];
            for (int i = 0; i < samples.Length; i++)
            {
                samples[i] = (short)((i is > 2000 and < 6000 ? 8000 * Math.Sin(2 * Math.PI * (pitch + (5 * n)) * i / 16000) : 0) + noise.NextUniform(-50, 50));
            }

            File.WriteAllBytes(Path.Combine(folder, $"{n}.wav"), Wav(samples));
            lines.Add($"{n}.wav\t{texts[n]}");
        }

        File.WriteAllLines(Path.Combine(folder, "spoken.tsv"), lines);
        return SoundDataset.Open(Path.Combine(folder, "spoken.tsv"));
    }

    private static byte[] Wav(short[] samples)
    {
        var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write("RIFF"u8);
        writer.Write(36 + (2 * samples.Length));
        writer.Write("WAVEfmt "u8);
        writer.Write(16);
        writer.Write((short)1);
        writer.Write((short)1);
        writer.Write(16000);
        writer.Write(32000);
        writer.Write((short)2);
        writer.Write((short)16);
        writer.Write("data"u8);
        writer.Write(2 * samples.Length);
        foreach (short sample in samples)
        {
            writer.Write(sample);
        }

        writer.Flush();
        return stream.ToArray();
    }
}
