using Tacit.Data;
using Tacit.Data.Augment;
using Tacit.Data.Loading;
using Tacit.Data.Pictures;
using Tacit.Evaluation;
using Tacit.Methods;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Tests.Evaluation.FineTuning;

public sealed class FineTuneTests
{
    private const int Side = 8, PerClass = 8;

    private static readonly PictureInput Input = new(Side, Normalization.ImageNet);

    private static readonly FineTuneOptions Quick = new() { Steps = 60, BatchSize = 12, Lr = 3e-3, MinScale = 1, Flip = 0, BatchNorm = "batch" };

    [Fact]
    public void A_random_network_that_learns_names_all_that_it_learned_from()
    {
        using PictureDataset data = Stripes();
        int[] items = [.. Enumerable.Range(0, data.Count)];
        Classifier network = new FineTune(Random(), data, null, Quick, 0).Learn(items, data.Labels!, 3);

        Assert.Equal(data.Labels!, network.Predict(Input, data, items));
    }

    [Fact]
    public void While_the_head_warms_up_the_encoder_stays_to_the_bit()
    {
        using PictureDataset data = Stripes();
        Encoder encoder = Random();
        int[] items = [.. Enumerable.Range(0, data.Count)];
        Classifier warm = new FineTune(encoder, data, null, Quick with { HeadWarmup = 1 }, 0).Learn(items, data.Labels!, 3);
        Classifier after = new FineTune(encoder, data, null, Quick with { HeadWarmup = 0.5 }, 0).Learn(items, data.Labels!, 3);
        OrderedDictionary<string, Tensor> before = encoder.Network().StateDict();

        Assert.All(warm.Backbone.StateDict(), pair => Assert.Equal(before[pair.Key].Span.ToArray(), pair.Value.Span.ToArray()));
        Assert.Contains(after.Backbone.StateDict(), pair => !before[pair.Key].Span.SequenceEqual(pair.Value.Span));
        Assert.True(warm.Predict(Input, data, items).Distinct().Count() > 1, "the head learned");
    }

    [Fact]
    public void Frozen_norms_keep_the_statistics_of_pre_training_and_their_scales_learn()
    {
        using PictureDataset data = Stripes();
        Encoder encoder = Random();
        OrderedDictionary<string, Tensor> before = encoder.Network().StateDict();
        OrderedDictionary<string, Tensor> after = new FineTune(encoder, data, null, Quick with { BatchNorm = "frozen", HeadWarmup = 0 }, 0)
            .Learn([.. Enumerable.Range(0, data.Count)], data.Labels!, 3).Backbone.StateDict();

        Assert.Equal(before["layer1.0.bn1.running_mean"].Span.ToArray(), after["layer1.0.bn1.running_mean"].Span.ToArray());
        Assert.NotEqual(before["layer1.0.bn1.weight"].Span.ToArray(), after["layer1.0.bn1.weight"].Span.ToArray());
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.4f, 1)]
    public void The_same_seed_gives_the_same_bits_for_any_number_of_threads(float mixup, float cutmix)
    {
        using PictureDataset data = Stripes();
        FineTuneOptions options = Quick with { Steps = 8, MinScale = 0.3f, Flip = 0.5f, Jitter = 0.4f, Mixup = mixup, Cutmix = cutmix };
        float[] Learned(ulong seed) => [.. new FineTune(Random(), data, null, options, seed).Learn([.. Enumerable.Range(0, data.Count)], data.Labels!, 3).StateDict().SelectMany(p => p.Value.Span.ToArray())];

        float[] On(int threads)
        {
            int before = WorkerPool.Shared.Threads;
            try
            {
                WorkerPool.Configure(threads);
                return Learned(3);
            }
            finally
            {
                WorkerPool.Configure(before);
            }
        }

        float[] one = On(1), four = On(4);
        Assert.Equal(one, four);
        Assert.NotEqual(one, Learned(4));
    }

    [Theory]
    [InlineData(500, 64, 312)]         // 40 passes, and 500 / 64 of a pass a step
    [InlineData(20, 64, 200)]          // a step is all of them; at least 200
    [InlineData(5000, 64, 600)]        // at most 600
    public void Steps_follow_the_labels(int items, int batch, int steps) => Assert.Equal(steps, new FineTuneOptions { BatchSize = batch }.StepsFor(items));

    [Fact]
    public void Settings_are_read_and_wrong_ones_refused()
    {
        FineTuneOptions options = FineTuneOptions.From(["lr=0.01", "Layer_Decay=0.5", "steps=7", "lr=0.02"]);

        Assert.Equal((0.02, 0.5, 7), (options.Lr, options.LayerDecay, options.Steps));
        Assert.Contains("layer-decay", Assert.Throws<ConfigurationException>(() => FineTuneOptions.From(["layer-decai=1"])).Message, StringComparison.Ordinal);
        Assert.Contains("key=value", Assert.Throws<ConfigurationException>(() => FineTuneOptions.From(["lr"])).Message, StringComparison.Ordinal);
        Assert.Contains("out of range", Assert.Throws<ConfigurationException>(() => FineTuneOptions.From(["label-smoothing=1"])).Message, StringComparison.Ordinal);
        Assert.All(FineTuneOptions.Table.Keys, key => FineTuneOptions.From([$"{key}={FineTuneOptions.Table.Get(new FineTuneOptions(), key)}"]));
    }

    [Fact]
    public void What_cannot_learn_is_refused()
    {
        using PictureDataset data = Stripes();
        using var sounds = SoundDataset.Of("sounds", [new float[800]]);

        Assert.Contains("no network", Assert.Throws<ConfigurationException>(() => new FineTune(Encoder.Raw(Input), data, null, Quick, 0).Learn([0, 8], [0, 1], 2)).Message, StringComparison.Ordinal);
        Assert.Contains("mix pictures", Assert.Throws<ConfigurationException>(() => new FineTune(Random(), sounds, null, Quick with { Mixup = 0.2f }, 0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_rows_are_raw_random_scratch_and_the_encoder_and_the_draws_have_a_spread()
    {
        using PictureDataset data = Stripes(), test = Stripes(offset: 50);
        IReadOnlyList<EvaluationRow> rows = FineTuneRows.Of(Random(), data, test, LabelBudget.Count(2), 3, Quick with { Steps = 10 }, 0);

        Assert.Equal([("raw", "linear"), ("random:resnet18", "linear"), ("scratch:resnet18", "finetune")], rows.Select(r => (r.Result.Encoder, r.Result.Protocol)));
        Assert.All(rows, r =>
        {
            Assert.Equal(3, r.Result.Draws);
            Assert.Equal(r.Draws.Average(), r.Result.Value, 1e-12);
            Assert.Equal(EvaluationRow.Spread([.. r.Draws]), r.Result.Spread!.Value, 1e-12);
        });
        Assert.Empty(FineTuneRows.Compare(rows, 0));
    }

    [Fact]
    public void A_difference_is_paired_by_items_and_draws()
    {
        // Two draws of four items; ours is right on 3 and 2 of them, theirs on 1 and 2.
        EvaluationRow ours = EvaluationRow.Of("a", "t", "finetune", [[1, 1, 1, 0], [1, 1, 0, 0]], "", 0);
        EvaluationRow theirs = EvaluationRow.Of("scratch:b", "t", "finetune", [[1, 0, 0, 0], [1, 0, 1, 0]], "", 0);
        var compared = EvaluationComparison.Of(ours, theirs, 0);

        Assert.Equal(0.25, compared.Value, 1e-12);
        Assert.Equal(2, compared.Draws);
        Assert.Equal(Math.Sqrt(0.125), compared.Spread!.Value, 1e-12);      // of 0.5 and 0: deviations of 0.25, over n - 1
        Assert.InRange(compared.Value, compared.Low, compared.High);
    }

    private static Encoder Random() => Encoder.Random(new BackboneOptions { Width = 4 }, Input, 1);

    /// <summary>Rows, columns and squares of noise: three classes.</summary>
    private static PictureDataset Stripes(int offset = 0)
    {
        Picture Of(int kind, int item)
        {
            var random = new RandomSequence(9, Philox.Hash("stripes"), (kind * 100) + item + offset);
            byte[] pixels = new byte[Side * Side * 3];
            for (int i = 0; i < pixels.Length; i++)
            {
                int x = i / 3 % Side, y = i / 3 / Side;
                bool on = kind == 0 ? x % 2 == 0 : kind == 1 ? y % 2 == 0 : (x + y) % 2 == 0;
                pixels[i] = (byte)((on ? 180 : 40) + random.NextInt(50));
            }

            return new Picture(Side, Side, 3, pixels);
        }

        return PictureDataset.Of(
            "stripes", [.. Enumerable.Range(0, 3 * PerClass).Select(i => Of(i / PerClass, i % PerClass))], [.. Enumerable.Range(0, 3 * PerClass).Select(i => i / PerClass)], ["columns", "rows", "squares"]);
    }
}
