using Tacit.Evaluation.Report;
using Tacit.Tensors;
using Tacit.Tests.Training;
using Tacit.Training;

namespace Tacit.Tests.Evaluation.Report;

/// <summary>What is gathered of runs, whole and broken, on real files.</summary>
public sealed class ReportBuilderTests : IDisposable
{
    private readonly TinyPictures pictures = new();

    public void Dispose() => pictures.Dispose();

    [Fact]
    public void A_whole_run_fills_every_section_that_its_method_has()
    {
        RunModel run = Single(Trained("whole"));

        Assert.Equal(("simclr", "contrastive"), (run.Method!.Name, run.Method.Family));
        Assert.Equal("Finished: 6 of 6 steps.", run.State);
        Assert.Contains(run.Facts, f => f is { Name: "length" } && f.Value.StartsWith("6 steps of 8: 48 items seen, 2 passes", StringComparison.Ordinal));
        Assert.Contains(run.Facts, f => f.Name == "instructions" && f.Value == Tacit.Tensors.Simd.Width.Name);
        Assert.Equal([1, 2, 3, 4, 5, 6], run.Curves.First(c => c.Key == "loss").Steps);
        Assert.Equal(24, run.Embedding!.Samples.Count);
        Assert.Equal(["PCA", "t-SNE"], run.Embedding.Projections.Select(p => p.Name));
        Assert.Equal(3, run.Augmentation!.Items.Count);
        Assert.Equal(8, run.Augmentation.Items[0].Views.Count);
        Assert.Equal(["raw", "untrained", "run"], run.Results!.Rows.Select(r => r.Kind).Distinct());
        Assert.Equal(24, run.Confusion!.Counts.Sum(row => row.Sum()));
        Assert.Equal(["reconstruction"], run.Missing.Keys);
        Assert.Contains("learns without drawing", run.Missing["reconstruction"], StringComparison.Ordinal);
    }

    [Fact]
    public void Neighbours_are_others_and_the_nearest_by_cosine()
    {
        EmbeddingModel embedding = Single(Trained("near")).Embedding!;

        Assert.All(Enumerable.Range(0, embedding.Samples.Count), i =>
        {
            Assert.Equal(8, embedding.Neighbours[i].Length);
            Assert.DoesNotContain(i, embedding.Neighbours[i]);
            Assert.Equal(embedding.Similarities[i].OrderDescending(), embedding.Similarities[i]);
        });
        Assert.All(embedding.Projections, p => Assert.Equal(1, Math.Max(p.X.Max(Math.Abs), p.Y.Max(Math.Abs)), 1e-3));
    }

    [Fact]
    public void A_run_that_never_finished_is_shown_by_its_checkpoint_and_says_so()
    {
        string path = Trained("half");
        File.Delete(Path.Combine(path, "encoder.safetensors"));

        RunModel run = Single(path);

        Assert.False(run.Finished);
        Assert.StartsWith("Not finished: 6 of 6 steps are logged.", run.State, StringComparison.Ordinal);
        Assert.NotNull(run.Embedding);
        Assert.NotNull(run.Results);
        Assert.Contains(run.Commands, c => c.Line.EndsWith("--resume", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_checkpoint_and_encoder_the_curves_remain()
    {
        string path = Trained("bare");
        File.Delete(Path.Combine(path, "encoder.safetensors"));
        Directory.Delete(Path.Combine(path, "checkpoints"), recursive: true);

        RunModel run = Single(path);

        Assert.NotEmpty(run.Curves);
        Assert.Null(run.Embedding);
        Assert.Contains("has no checkpoint", run.Missing["embedding"], StringComparison.Ordinal);
        Assert.NotNull(run.Augmentation);
    }

    [Fact]
    public void Without_metrics_the_rest_remains()
    {
        string path = Trained("mute");
        File.Delete(Path.Combine(path, "metrics.jsonl"));

        RunModel run = Single(path);

        Assert.Empty(run.Curves);
        Assert.Equal("unknown", run.Verdict!.Word);
        Assert.NotNull(run.Embedding);
    }

    [Fact]
    public void What_is_broken_in_the_files_is_noted()
    {
        string path = Trained("odd");
        File.AppendAllText(Path.Combine(path, "metrics.jsonl"), "{\"step\":7,\"loss\":\"NaN\"}\n{\"step\":8,\"lo");

        RunModel run = Single(path);

        Assert.Contains("metrics.jsonl has 1 line that cannot be read; they are left out.", run.Notes);
        Assert.Contains("1 logged value is not a number (NaN or infinite); the curves mark where.", run.Notes);
        Assert.Null(run.Curves.First(c => c.Key == "loss").Values[^1]);
    }

    [Fact]
    public void Data_that_are_gone_are_asked_for()
    {
        string path = Trained("lost"), config = Path.Combine(path, "config.yaml");
        File.WriteAllText(config, File.ReadAllText(config).Replace(pictures.DataPath, "/nowhere/photos", StringComparison.Ordinal));

        RunModel run = Single(path);

        Assert.Null(run.Data);
        Assert.All(["embedding", "results", "augmentation", "reconstruction"], section => Assert.Contains("'/nowhere/photos'", run.Missing[section], StringComparison.Ordinal));
        Assert.Contains("--data PATH", run.Missing["embedding"], StringComparison.Ordinal);
        Assert.NotNull(Single(path, pictures.DataPath).Embedding);
    }

    [Fact]
    public void Of_several_runs_the_differing_keys_are_told_and_data_are_shown_once()
    {
        ReportModel model = Build([Trained("one"), Trained("two", "optimizer.lr=0.01", "train.seed=3")]);

        Assert.Single(model.Data);
        Assert.Equal(["train.seed", "optimizer.lr"], model.Differences.Select(d => d.Key).Where(k => !k.StartsWith("monitor", StringComparison.Ordinal)));
        Assert.Equal(["0", "3"], model.Differences.First(d => d.Key == "train.seed").Values);
        Assert.Equal(model.Runs[0].Embedding!.Samples, model.Runs[1].Embedding!.Samples);
    }

    [Fact]
    public void The_same_run_gives_the_same_report()
    {
        string path = Trained("twice");

        Assert.Equal(ReportPage.Of(Build([path])), ReportPage.Of(Build([path])));
    }

    [Fact]
    public void What_is_no_run_is_refused()
    {
        Assert.Contains("There is no run 'nowhere'", Assert.Throws<TacitException>(() => Build(["nowhere"])).Message, StringComparison.Ordinal);
        Assert.Contains("is not a run", Assert.Throws<TacitException>(() => Build([pictures.DataPath])).Message, StringComparison.Ordinal);
    }

    private string Trained(string name, params string[] settings)
    {
        RunConfig config = TinyRun.Config([$"data.path={pictures.DataPath}", .. settings]);
        _ = TinyRun.Train(pictures, name, config);
        return pictures.Run(name);
    }

    private static RunModel Single(string run, string? data = null) => Assert.Single(Build([run], data).Runs);

    private static ReportModel Build(string[] runs, string? data = null)
    {
        using var builder = new ReportBuilder(new ReportRequest(runs, data, null, 0), null, CancellationToken.None);
        return builder.Build();
    }
}
