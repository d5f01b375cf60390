using Tacit.Data;
using Tacit.Evaluation;
using Tacit.Tensors;
using Tacit.Training;
using Xunit;

namespace Tacit.Tests.Training;

/// <summary>Runs of six steps on a text: exact resume, any number of threads, and an encoder that reads text by itself.</summary>
public sealed class TextRunTests : IDisposable
{
    private const string Verse = "From fairest creatures we desire increase, that thereby beauty's rose might never die, but as the riper should by time decease. ";

    private readonly TemporaryFolder folder = new();

    public TextRunTests() => File.WriteAllText(folder["sonnets.txt"], string.Concat(Enumerable.Range(0, 12).Select(i => Verse[(i * 7)..] + Verse[..(i * 5)] + "\n")));

    public static TheoryData<string> Methods => ["bert", "gpt"];

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Methods))]
    public void AStoppedAndResumedRunEndsWithTheVeryBytesOfAnUninterruptedOne(string method)
    {
        Train(method, "whole");
        using var stop = new CancellationTokenSource();
        Train(method, "parts", new Recorder(e => StopAt(e, 4, stop)), stop: stop.Token);
        File.Delete(Path.Combine(folder["parts"], "tokenizer.json"));       // is a function of the text
        Train(method, "parts", resume: true);
        AssertSame("whole", "parts");
        Assert.Equal(File.ReadAllText(folder["whole/tokenizer.json"]), File.ReadAllText(folder["parts/tokenizer.json"]));
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void OneThreadAndTwoGiveTheSameBytes(string method)
    {
        int threads = WorkerPool.Shared.Threads;
        try
        {
            WorkerPool.Configure(1);
            Train(method, "one");
            WorkerPool.Configure(2);
            Train(method, "two");
        }
        finally
        {
            WorkerPool.Configure(threads);
        }

        AssertSame("one", "two");
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void ItsEncoderTellsTextsApartBesideABagOfTokens(string method)
    {
        Train(method, "run");
        File.WriteAllText(folder["rows.tsv"], "text\tlabel\n" + string.Concat(Enumerable.Range(0, 20).Select(i => $"{Verse[i..(i + 30)]}\tlow\n{Verse[i..(i + 30)].ToUpperInvariant()}\thigh\n")));
        using Dataset data = Dataset.Open(folder["rows.tsv"]);
        Encoder encoder = Encoder.Open(folder["run"], Inputs.Default(data));
        var evaluator = new Evaluator(data, null, [new KnnProtocol()], LabelBudget.All, 0);

        Assert.Equal(16, encoder.Dim);
        Assert.Equal(1, Assert.Single(evaluator.Run(Encoder.Raw(encoder.Input))).Result.Value);
        Assert.InRange(Assert.Single(evaluator.Run(encoder)).Result.Value, 0.6, 1);
        Assert.InRange(Assert.Single(evaluator.Run(encoder.Untrained())).Result.Value, 0, 1);
        Assert.Equal("token-transformer", Encoder.Open("random:token-transformer", Inputs.Default(data)).Name["random:".Length..]);
    }

    [Fact]
    public void TheVocabularyIsAtMostWhatTheTextHolds()
    {
        var recorder = new Recorder();
        Train("gpt", "run", recorder);
        RunConfig config = new RunDirectory(folder["run"]).ReadConfig();
        Assert.Equal((config.Tokenizer!.Vocabulary, config.Tokenizer.Vocabulary, 16), (config.Data.Vocabulary, config.Model.Backbone.Vocabulary, config.Model.Backbone.Length));
        Assert.Contains(recorder.Notes, note => note.StartsWith("data.vocabulary is", StringComparison.Ordinal));
        Assert.Contains("data.vocabulary", Assert.Throws<ConfigurationException>(() => Train("gpt", "other", more: "data.vocabulary=5000")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AMethodOfPicturesRefusesText()
    {
        using Dataset data = Dataset.Open(folder["sonnets.txt"]);
        Assert.Contains("takes pictures", Assert.Throws<ConfigurationException>(() => ConfigBinder.Bind("simclr", null, [], data)).Message, StringComparison.Ordinal);
    }

    private static void StopAt(TrainingEvent happened, long step, CancellationTokenSource stop)
    {
        if (happened is StepLogged logged && logged.Step == step)
        {
            stop.Cancel();
        }
    }

    private void Train(string method, string name, Recorder? recorder = null, bool resume = false, string? more = null, CancellationToken stop = default)
    {
        using Dataset data = Dataset.Open(folder["sonnets.txt"]);
        RunConfig config = ConfigBinder.Bind(
            method,
            null,
            [
                "model.dim=16", "model.depth=2", "model.heads=2", "data.length=16", "train.batch-size=8", "train.steps=6", "log.every=1", "checkpoint.every=3", "monitor.every=4",
                "monitor.items=8", .. more is null ? Array.Empty<string>() : [more],
            ],
            data);
        Trainer.Run(config, data, folder[name], resume, recorder ?? new Recorder(), stop);
    }

    private void AssertSame(string a, string b)
    {
        Assert.Equal(TinyRun.Metrics(folder[a]), TinyRun.Metrics(folder[b]));
        Assert.Equal(File.ReadAllBytes(Path.Combine(folder[a], "encoder.safetensors")), File.ReadAllBytes(Path.Combine(folder[b], "encoder.safetensors")));
    }
}
