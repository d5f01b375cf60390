using Tacit.Data;
using Tacit.Data.Augment;
using Tacit.Data.Loading;
using Tacit.Data.Pictures;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Data.Loading;

public sealed class PictureLoaderTests
{
    private static readonly AugmentationOptions Options = new() { BlurProbability = 0.5f, SolarizeProbability = 0.2f, TurnProbability = 0.5f };

    [Fact]
    public void Batches_have_the_same_bits_for_any_number_of_threads_and_any_order_of_calls()
    {
        using PictureDataset dataset = Labelled(23);
        long[] straight = [0, 1, 2, 3, 4, 5, 6, 7];
        (float[] Views, int[] Items)[] expected = Run(dataset, threads: 1, straight);
        try
        {
            foreach (int threads in new[] { 2, 3 })
            {
                Same(expected, Run(dataset, threads, straight));
                var shuffled = Run(dataset, threads, [5, 2, 2, 7, 0, 1]);
                Same([expected[5], expected[2], expected[2], expected[7], expected[0], expected[1]], shuffled);
            }

            Same([expected[5]], Run(dataset, 1, [5]));
        }
        finally
        {
            WorkerPool.Configure(Environment.ProcessorCount);
        }
    }

    [Fact]
    public void An_epoch_shows_items_at_most_once_in_an_order_of_its_own_and_drops_the_rest()
    {
        using PictureDataset dataset = Labelled(23);
        using var loader = new PictureLoader(dataset, ViewPlan.Single(16), new LoaderOptions { BatchSize = 5 }, seed: 3);

        Assert.Equal(4, loader.StepsPerEpoch);
        int[][] epochs = [.. Enumerable.Range(0, 12).Select(e => Enumerable.Range(0, 4).SelectMany(s => loader.At((e * 4) + s).Items).ToArray())];

        Assert.All(epochs, items => Assert.Equal(20, items.Distinct().Count()));
        Assert.NotEqual(epochs[0], epochs[1]);
        Assert.NotEqual(epochs[1], epochs[2]);
        Assert.Equal(23, epochs.SelectMany(i => i).Distinct().Count());
    }

    [Fact]
    public void Views_differ_between_views_epochs_and_seeds_and_come_view_by_view()
    {
        using PictureDataset dataset = PictureDataset.Of("one", SampleFiles.Noise(1, 20, 20));
        float[] first = Views(dataset, seed: 1, step: 0), second = Views(dataset, seed: 1, step: 1), other = Views(dataset, seed: 2, step: 0);
        int half = first.Length / 2;

        Assert.False(first.AsSpan(0, half).SequenceEqual(first.AsSpan(half)));
        Assert.NotEqual(first, second);
        Assert.NotEqual(first, other);

        // Two items, no chance at all: the first half holds view 0 of both, and views of one item are equal.
        var still = new AugmentationOptions { MinScale = 1, MinRatio = 1, MaxRatio = 1, FlipProbability = 0, JitterProbability = 0, GreyProbability = 0 };
        using PictureDataset two = Labelled(2);
        using var loader = new PictureLoader(two, ViewPlan.TwoCrops(still, size: 16), new LoaderOptions { BatchSize = 2, Normalization = Normalization.None }, 1);
        Batch batch = loader.At(0);
        Assert.Equal(new Shape(4, 16, 16, 3), batch.Views.Shape);
        for (int i = 0; i < 2; i++)
        {
            Oracle.AssertWithin([.. two.Decode(batch.Items[i]).Pixels.Select(p => p / 255f)], batch.View(0).Rows(i, 1).Span, 1e-6);
            Oracle.AssertWithin(batch.View(0).Rows(i, 1).Span, batch.View(1).Rows(i, 1).Span, 0);
            Assert.Equal(two.Labels![batch.Items[i]], batch.Labels![i]);
        }
    }

    [Fact]
    public void The_second_crop_may_have_options_of_its_own()
    {
        var white = new AugmentationOptions { SolarizeProbability = 1, SolarizeThreshold = 0, JitterProbability = 0, GreyProbability = 0 };
        var plain = white with { SolarizeProbability = 0 };
        using PictureDataset dataset = PictureDataset.Of("black", [new Picture(8, 8, 3, new byte[192])]);
        using var loader = new PictureLoader(dataset, ViewPlan.Crops([plain, white], 8), new LoaderOptions { BatchSize = 1, Normalization = Normalization.None }, 1);

        Batch batch = loader.At(0);

        Assert.All(batch.View(0).ToArray(), v => Assert.Equal(0, v));
        Assert.All(batch.View(1).ToArray(), v => Assert.Equal(1, v, 1e-6));
    }

    [Fact]
    public void A_broken_item_gives_way_to_the_next_of_the_permutation_with_views_of_its_own()
    {
        using var folder = new TemporaryFolder();
        for (int i = 0; i < 12; i++)
        {
            SampleFiles.Write(folder[$"set/{i:D2}.ppm"], i is 4 or 9 ? SampleFiles.Ppm(6, 6, 1)[..40] : SampleFiles.Ppm(6, 6, (byte)(i * 20), (byte)i));
        }

        using var dataset = PictureDataset.Open(folder["set"]);
        Assert.Empty(dataset.Broken);
        using var loader = new PictureLoader(dataset, ViewPlan.Single(6), new LoaderOptions { BatchSize = 12, Normalization = Normalization.None }, 7);

        for (int epoch = 0; epoch < 4; epoch++)
        {
            int[] order = Philox.Permutation(12, 7, Philox.Hash("epoch order"), epoch);
            Batch batch = loader.At(epoch);
            for (int i = 0; i < 12; i++)
            {
                int place = i;
                while (order[place % 12] is 4 or 9)
                {
                    place++;
                }

                Assert.Equal(order[place % 12], batch.Items[i]);
                Assert.Equal(batch.Items[i] * 20 / 255f, batch.Views[i, 0, 0, 0], 1e-5);
            }
        }

        Assert.Equal(["04.ppm", "09.ppm"], dataset.Broken.Select(b => b.Name));
    }

    [Fact]
    public void Two_crops_of_a_replacement_are_not_those_it_has_elsewhere_in_the_batch()
    {
        using var folder = new TemporaryFolder();
        SampleFiles.Write(folder["set/0.jpg"], SampleFiles.WholeJpeg());
        SampleFiles.Write(folder["set/1.jpg"], SampleFiles.CutJpeg());
        using var dataset = PictureDataset.Open(folder["set"]);
        using var loader = new PictureLoader(dataset, ViewPlan.TwoCrops(Options, size: 16), new LoaderOptions { BatchSize = 2 }, 7);

        Batch batch = loader.At(0);

        Assert.Equal([0, 0], batch.Items);
        Assert.False(batch.View(0).Rows(0, 1).Span.SequenceEqual(batch.View(0).Rows(1, 1).Span));
    }

    [Fact]
    public void When_every_picture_is_broken_the_error_says_so()
    {
        using var folder = new TemporaryFolder();
        SampleFiles.Write(folder["set/0.jpg"], SampleFiles.CutJpeg());
        SampleFiles.Write(folder["set/1.jpg"], SampleFiles.CutJpeg());
        using var dataset = PictureDataset.Open(folder["set"]);
        using var loader = new PictureLoader(dataset, ViewPlan.Single(16), new LoaderOptions { BatchSize = 2 }, 7);

        Assert.Contains("None of the 2 pictures", Assert.Throws<TacitException>(() => loader.At(0)).Message);
        Assert.Contains("None of the 2 pictures", Assert.Throws<TacitException>(() => EvaluationBatches.Of(dataset, 16, Normalization.None).Count()).Message);
    }

    [Fact]
    public void View_sizes_follow_the_plan_through_the_run()
    {
        using PictureDataset dataset = Labelled(6);
        var options = new LoaderOptions { BatchSize = 3, ViewSizes = ViewSizePlan.Parse("8,16@0.5"), TotalSteps = 4 };
        using var loader = new PictureLoader(dataset, ViewPlan.TwoCrops(Options, size: 16), options, 1);

        int[] sides = [.. Enumerable.Range(0, 4).Select(s => loader.At(s).Views.Shape[1])];

        Assert.Equal([8, 8, 16, 16], sides);
        Assert.Equal("8, 16@0.5", options.ViewSizes.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("32@0.1")]
    [InlineData("24,32@1")]
    [InlineData("24,32@0.5,48@0.4")]
    [InlineData("24,big@0.5")]
    [InlineData("2")]
    public void View_sizes_that_make_no_plan_are_refused(string text) =>
        Assert.Throws<TacitException>(() => ViewSizePlan.Parse(text));

    [Fact]
    public void A_batch_larger_than_the_data_set_is_refused()
    {
        using PictureDataset dataset = Labelled(6);

        TacitException error = Assert.Throws<TacitException>(() => new PictureLoader(dataset, ViewPlan.Single(8), new LoaderOptions { BatchSize = 7 }, 1));

        Assert.Contains("at most 6", error.Message);
        Assert.Throws<TacitException>(() => new PictureLoader(dataset, ViewPlan.Single(8), new LoaderOptions { BatchSize = 0 }, 1));
        Assert.Throws<TacitException>(() => ViewPlan.Single(0));
    }

    [Fact]
    public void Evaluation_goes_in_index_order_and_leaves_broken_pictures_out()
    {
        using var folder = new TemporaryFolder();
        for (int i = 0; i < 7; i++)
        {
            SampleFiles.Write(folder[$"set/{(i % 2 == 0 ? "a" : "b")}/{i}.ppm"], i == 2 ? SampleFiles.Ppm(6, 6, 1)[..40] : SampleFiles.Ppm(6, 6, (byte)(i * 20)));
        }

        using var dataset = PictureDataset.Open(folder["set"]);
        var items = new List<int>();
        foreach (Batch batch in EvaluationBatches.Of(dataset, 6, Normalization.None, batchSize: 3))
        {
            for (int i = 0; i < batch.Size; i++)
            {
                Assert.Equal(dataset.Decode(batch.Items[i]).Pixels[0] / 255f, batch.Views[i, 5, 5, 0], 1e-6);
                Assert.Equal(dataset.Labels![batch.Items[i]], batch.Labels![i]);
                items.Add(batch.Items[i]);
            }
        }

        Assert.Equal([5, 0], EvaluationBatches.Of(dataset, 6, Normalization.None, items: [5, 1, 0]).SelectMany(b => b.Items));
        Assert.Empty(EvaluationBatches.Of(dataset, 6, Normalization.None, items: []));

        // a/0, a/2 (broken), a/4, a/6, b/1, b/3, b/5
        Assert.Equal([0, 2, 3, 4, 5, 6], items);
        Assert.Equal("a/2.ppm", Assert.Single(dataset.Broken).Name);
    }

    [Fact]
    public void Steady_batches_allocate_next_to_nothing()
    {
        using PictureDataset dataset = Labelled(64);
        using var loader = new PictureLoader(dataset, ViewPlan.TwoCrops(Options, size: 16), new LoaderOptions { BatchSize = 32 }, 1);
        for (int s = 0; s < 6; s++)
        {
            loader.At(s);
        }

        long before = GC.GetTotalAllocatedBytes(precise: true);
        for (int s = 6; s < 26; s++)
        {
            loader.At(s);
        }

        Assert.InRange((GC.GetTotalAllocatedBytes(precise: true) - before) / 20, 0, 8192);
    }

    [Fact]
    public void Idle_workers_make_the_next_batch_before_it_is_asked_for()
    {
        var plan = new CountingPlan();
        using PictureDataset dataset = Labelled(12);
        try
        {
            WorkerPool.Configure(2);
            using var loader = new PictureLoader(dataset, plan, new LoaderOptions { BatchSize = 4 }, 1);
            loader.At(0);

            Assert.True(SpinWait.SpinUntil(() => plan.Rendered == 16, TimeSpan.FromSeconds(20)), $"{plan.Rendered} of 16 views were made.");
            loader.At(1);
            Assert.True(SpinWait.SpinUntil(() => plan.Rendered == 24, TimeSpan.FromSeconds(20)), $"{plan.Rendered} of 24 views were made.");
        }
        finally
        {
            WorkerPool.Configure(Environment.ProcessorCount);
        }
    }

    /// <summary>Small crops come beside the full ones, view by view, at a multiple of 4 pixels, and draw their own randomness.</summary>
    [Fact]
    public void MultiCropShowsSmallerViewsBeside()
    {
        PictureDataset dataset = Labelled(6);
        ViewPlan plan = ViewPlan.MultiCrop([Options, Options], Options, localCount: 3, localShare: 0.55, size: 16);
        using var loader = new PictureLoader(dataset, plan, new LoaderOptions { BatchSize = 4 }, 1);
        Batch batch = loader.At(0);
        Assert.Equal(new Shape(8, 16, 16, 3), batch.Views.Shape);
        Assert.Equal(new Shape(12, 8, 8, 3), batch.Locals!.Shape);
        Assert.Equal((2, 3), (batch.ViewCount, batch.LocalCount));
        Assert.NotEqual(batch.Local(0).ToArray(), batch.Local(1).ToArray());
        Assert.Equal(batch.Locals.Rows(8, 4).ToArray(), batch.Local(2).ToArray());
        using var plain = new PictureLoader(dataset, ViewPlan.Crops([Options, Options], 16), new LoaderOptions { BatchSize = 4 }, 1);
        Assert.Equal(plain.At(0).Views.ToArray(), batch.Views.ToArray());
        Assert.Throws<InvalidOperationException>(() => plain.At(0).Local(0));
        Assert.Throws<TacitException>(() => ViewPlan.MultiCrop([Options], Options, 1, 1.5));
    }

    /// <summary>Two views that are only counted.</summary>
    private sealed class CountingPlan : ViewPlan
    {
        private int rendered;

        public int Rendered => Volatile.Read(ref rendered);

        public override int ViewCount => 2;

        public override int Size => 4;

        internal override unsafe void Render(Picture picture, int view, int side, Normalization normalization, ref RandomSequence random, float* output) =>
            Interlocked.Increment(ref rendered);
    }

    private static PictureDataset Labelled(int count) =>
        PictureDataset.Of("noise", SampleFiles.Noise(count, 16, 16), [.. Enumerable.Range(0, count).Select(i => i % 3)]);

    private static float[] Views(PictureDataset dataset, ulong seed, long step)
    {
        using var loader = new PictureLoader(dataset, ViewPlan.TwoCrops(Options, size: 16), new LoaderOptions { BatchSize = 1 }, seed);
        return loader.At(step).Views.ToArray();
    }

    private static (float[] Views, int[] Items)[] Run(PictureDataset dataset, int threads, long[] steps)
    {
        WorkerPool.Configure(threads);
        using var loader = new PictureLoader(dataset, ViewPlan.TwoCrops(Options, size: 16), new LoaderOptions { BatchSize = 5 }, seed: 3);
        return [.. steps.Select(s =>
        {
            Batch batch = loader.At(s);
            Thread.SpinWait(2000);      // idle workers get some way into the next batch, or all of it
            return (batch.Views.ToArray(), batch.Items);
        })];
    }

    private static void Same((float[] Views, int[] Items)[] expected, (float[] Views, int[] Items)[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i].Items, actual[i].Items);
            Assert.True(expected[i].Views.AsSpan().SequenceEqual(actual[i].Views), $"Batch {i} has other bits.");
        }
    }
}
