using Tacit.Data;
using Tacit.Data.Augment;
using Tacit.Data.Loading;
using Tacit.Data.Pictures;
using Tacit.Evaluation;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;
using Tacit.Training;

namespace Tacit.Tests.Evaluation;

public sealed class LabelFreeScoresTests
{
    private static readonly PictureInput Input = new(8, Normalization.ImageNet);

    [Fact]
    public void Scores_of_pictures_are_those_of_their_features()
    {
        using PictureDataset data = Pictures(60, labelled: true);
        var encoder = Encoder.Raw(Input);

        IReadOnlyList<EvaluationResult> rows = new LabelFreeScores(data, 3).Run(encoder);

        Assert.Equal(["deviation", "rankme", "alignment", "lidar", "uniformity", "purity", "nmi"], rows.Select(r => r.Metric));
        Assert.All(rows, r => Assert.Equal(("raw", "squares", "scores"), (r.Encoder, r.Task, r.Protocol)));
        Tensor features = encoder.Extract(data).Values;
        Assert.Equal(FeatureMetrics.RankMe(features), Value(rows, "rankme"));
        Assert.Equal(FeatureMetrics.Uniformity(features), Value(rows, "uniformity"));
        Assert.Equal(FeatureMetrics.Deviation(features) * Math.Sqrt(192), Value(rows, "deviation"));
        Assert.Equal(1, Value(rows, "purity"));       // red, green and blue
        Assert.Equal(1, Value(rows, "nmi"), 1e-9);
        Assert.InRange(Value(rows, "lidar"), 1, 60);

        // A factor before all features changes nothing: here pixels of a quarter of the contrast.
        Normalization all = Normalization.ImageNet;
        var faint = Encoder.Raw(Input with { Normalization = new Normalization(all.Mean, [.. all.Deviation.Select(d => 4 * d)]) });
        Assert.Equal(Value(rows, "lidar"), Value(new LabelFreeScores(data, 3).Run(faint), "lidar"), 1e-3);
        Assert.InRange(Value(rows, "alignment"), 0.01, 2);
        EvaluationResult alignment = rows.Single(r => r.Metric == "alignment");
        Assert.True(alignment.Low < alignment.Value && alignment.Value < alignment.High);
        Assert.Equal((60, 60), (alignment.N, rows[0].N));
    }

    [Fact]
    public void The_same_seed_gives_the_same_scores_and_without_labels_there_are_fewer()
    {
        using PictureDataset data = Pictures(30, labelled: false);
        Encoder encoder = Encoder.Random(new BackboneOptions { Width = 4 }, Input, 1);

        IReadOnlyList<EvaluationResult> rows = new LabelFreeScores(data, 3).Run(encoder);

        Assert.Equal(["deviation", "rankme", "alignment", "lidar", "uniformity"], rows.Select(r => r.Metric));
        Assert.Equal(rows, new LabelFreeScores(data, 3).Run(encoder));
        Assert.NotEqual(Value(rows, "lidar"), Value(new LabelFreeScores(data, 4).Run(encoder), "lidar"));
    }

    [Theory]
    [InlineData("raw")]
    [InlineData("random:gru")]
    [InlineData("random:audiontt")]
    public void Words_that_sound_different_are_told_apart_within_and_across_speakers(string name)
    {
        // Three words, each two tones in a row, by two voices that hum them a little higher or lower, four times each.
        (int Word, int Voice)[] said = [.. Enumerable.Range(0, 24).Select(i => (i % 3, i / 3 % 2))];
        using SoundDataset data = SoundDataset.Of(
            "words", [.. said.Select((s, i) => Word(s.Word, s.Voice, i))], 16000, [.. said.Select(s => s.Word)], [.. said.Select(s => $"v{s.Voice}")]);

        IReadOnlyList<EvaluationResult> rows = new LabelFreeScores(data, 1).Run(Encoder.Open(name, new SoundInput()));

        Assert.Equal(["deviation", "rankme", "alignment", "lidar", "uniformity", "purity", "nmi", "abx-within", "abx-across"], rows.Select(r => r.Metric));
        Assert.InRange(Value(rows, "abx-within"), 0, 0.05);
        Assert.InRange(Value(rows, "abx-across"), 0, name == "raw" ? 0.05 : 0.45);
        Assert.Equal(24, rows[^1].N);
        Assert.Equal(9, new LabelFreeScores(data, 1).Run(Encoder.Open(name, new SoundInput())).Count);
    }

    [Fact]
    public void Where_the_classes_are_the_speakers_there_are_no_words()
    {
        using SoundDataset data = SoundDataset.Of("who", [.. Enumerable.Range(0, 8).Select(i => Word(0, i % 2, i))], 16000, [.. Enumerable.Range(0, 8).Select(i => i % 2)], [.. Enumerable.Range(0, 8).Select(i => $"{i % 2}")]);

        Assert.Empty(AbxSegments.Of(data, 1));
        Assert.DoesNotContain(new LabelFreeScores(data, 1).Run(Encoder.Raw(new SoundInput())), r => r.Metric.StartsWith("abx", StringComparison.Ordinal));
    }

    [Fact]
    public void Segments_are_at_most_five_of_a_word_by_a_speaker_and_speakers_of_most_words_come_first()
    {
        // Speaker a says two words nine times each, b says one word twenty times, and nobody says the third class but b.
        int[] labels = [.. Enumerable.Repeat(0, 9), .. Enumerable.Repeat(1, 9), .. Enumerable.Repeat(0, 20)];
        string[] who = [.. Enumerable.Repeat("a", 18), .. Enumerable.Repeat("b", 20)];
        using SoundDataset data = SoundDataset.Of("few", [.. labels.Select(_ => new float[1600])], 16000, labels, who);

        int[] chosen = AbxSegments.Of(data, 1);

        Assert.Equal([5, 5, 5], chosen.GroupBy(i => (labels[i], who[i])).Select(g => g.Count()));
        Assert.Equal(chosen, AbxSegments.Of(data, 1));
        Assert.NotEqual(chosen, AbxSegments.Of(data, 2));
    }

    [Fact]
    public void What_cannot_be_scored_is_refused()
    {
        using PictureDataset one = Pictures(1, labelled: false);
        Assert.Contains("compares items", Assert.Throws<TacitException>(() => new LabelFreeScores(one, 1).Run(Encoder.Raw(Input))).Message, StringComparison.Ordinal);
        using PictureDataset some = Pictures(6, labelled: false);
        Assert.Contains("recordings", Assert.Throws<TacitException>(() => new LabelFreeScores(some, 1).Run(Encoder.Open("random:gru", new SoundInput()))).Message, StringComparison.Ordinal);
        Encoder weighted = Encoder.Open("random:vit", Input with { Size = 32 }).At(Encoder.Weighted);
        Assert.Contains("learned by a linear probe", Assert.Throws<ConfigurationException>(() => new LabelFreeScores(some, 1).Run(weighted)).Message, StringComparison.Ordinal);
    }

    private static double Value(IReadOnlyList<EvaluationResult> rows, string metric) => rows.Single(r => r.Metric == metric).Value;

    /// <summary>Squares of one of three colours with noise.</summary>
    private static PictureDataset Pictures(int count, bool labelled)
    {
        double[] noise = Hashed.Doubles(count * 192, 51);
        Picture[] pictures = [.. Enumerable.Range(0, count).Select(i => new Picture(8, 8, 3, [.. Enumerable.Range(0, 192)
            .Select(p => (byte)((p % 3 == i % 3 ? 200 : 40) + (30 * noise[(i * 192) + p])))]))];
        return PictureDataset.Of("squares", pictures, labelled ? [.. Enumerable.Range(0, count).Select(i => i % 3)] : null, labelled ? ["red", "green", "blue"] : null);
    }

    private static float[] Word(int word, int voice, int take)
    {
        double[] noise = Hashed.Doubles(8000, 60 + take);
        (double First, double Second) = word switch { 0 => (300, 900), 1 => (900, 300), _ => (2000, 500) };
        return [.. Enumerable.Range(0, 8000).Select(t => (float)((0.3 * Math.Sin(2 * Math.PI * (t < 4000 ? First : Second) * (1 + (0.05 * voice)) * t / 16000)) + (0.01 * noise[t])))];
    }
}
