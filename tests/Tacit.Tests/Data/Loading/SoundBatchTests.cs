using Tacit.Data;
using Tacit.Data.Features;
using Tacit.Data.Loading;
using Xunit;

namespace Tacit.Tests.Data.Loading;

/// <summary>What becomes of recordings in batches: lengths, padding, crops, budgets of seconds.</summary>
public sealed class SoundBatchTests
{
    [Fact]
    public void Batches_by_seconds_keep_like_lengths_together_and_show_every_item_once_an_epoch()
    {
        using SoundDataset data = Sounds([.. Enumerable.Range(0, 40).Select(i => 0.3 + (0.05 * ((i * 7) % 40)))]);
        using var loader = new SoundLoader(data, new SoundPlan(), new SoundLoaderOptions { BatchSeconds = 8 }, seed: 1);
        var orders = new List<int[]>();
        for (int epoch = 0; epoch < 2; epoch++)
        {
            var seen = new List<int>();
            for (int step = 0; step < loader.StepsPerEpoch; step++)
            {
                Batch batch = loader.At((epoch * loader.StepsPerEpoch) + step);
                double longest = batch.Items.Max(data.Samples) / 16000.0;
                Assert.InRange(Math.Ceiling(longest * 2) / 2 * batch.Size, 0, 8);
                Assert.Equal(batch.Items.Select(data.Samples), batch.Lengths);
                seen.AddRange(batch.Items);
            }

            Assert.Equal(40, seen.Distinct().Count());
            orders.Add([.. seen]);
        }

        Assert.NotEqual(orders[0], orders[1]);
        Assert.Equal(loader.StepsPerEpoch, SoundLoader.CountBatches(data, null, 8));
    }

    [Fact]
    public void A_crop_is_a_part_of_its_recording_at_a_multiple_of_the_stride()
    {
        using SoundDataset data = Sounds(1.0, 2.0, 0.2);
        using var loader = new SoundLoader(data, new SoundPlan(), new SoundLoaderOptions { BatchSize = 3, CropSeconds = 0.5, AlignTo = 320, Input = new SoundInput { Normalize = false } }, seed: 2);
        var starts = new HashSet<int>();
        for (int step = 0; step < 20; step++)
        {
            Batch batch = loader.At(step);
            for (int i = 0; i < 3; i++)
            {
                int start = batch.Starts![i], length = batch.Lengths![i];
                Assert.Equal(0, start % 320);
                Assert.Equal(Math.Min(8000, data.Samples(batch.Items[i])), length);
                Assert.Equal(data.Read(batch.Items[i])[start..(start + length)], batch.Views.Rows(i, 1).Span[..length].ToArray());
                Assert.All(batch.Views.Rows(i, 1).Span[length..].ToArray(), value => Assert.Equal(0, value));
                starts.Add(start);
            }
        }

        Assert.True(starts.Count > 10);
    }

    [Fact]
    public void An_encoder_is_shown_normalised_samples_and_frames_whatever_the_company()
    {
        using SoundDataset data = Sounds(0.5, 1.25), alone = Sounds(0.5);
        foreach (SoundForm form in Enum.GetValues<SoundForm>())
        {
            var input = new SoundInput { Form = form, Mels = 40 };
            Batch[] many = [.. input.Batches(data, 8)], one = [.. input.Batches(alone, 8)];
            int length = one[0].Lengths![0] * input.Width;
            Assert.Equal(one[0].Lengths![0], many[0].Lengths![0]);
            Assert.Equal(one[0].Views.Span[..length], many[0].Views.Rows(0, 1).Span[..length]);
            Assert.Equal(form == SoundForm.Picture ? 2 : 1, many.Length);       // networks of pictures see padding
        }

        Batch wave = new SoundInput().Batches(alone, 1).First();
        float[] samples = wave.Views.Span[..8000].ToArray();
        Assert.Equal(0, samples.Average(), 1e-4);
        Assert.Equal(1, samples.Average(v => v * v), 1e-3);

        Batch frames = new SoundInput { Form = SoundForm.Frames, Mels = 40, Normalize = false }.Batches(alone, 1).First();
        float[] expected = new KaldiFbank(new KaldiFbankOptions { NumMelBins = 40 }).Compute(alone.Read(0));
        Assert.Equal(expected, frames.Views.Span[..expected.Length].ToArray());
    }

    [Fact]
    public void Sound_shorter_than_a_frame_is_one_frame()
    {
        using SoundDataset data = Sounds(0.01);
        Batch batch = new SoundInput { Form = SoundForm.Frames }.Batches(data, 1).First();
        Assert.Equal([1], batch.Lengths!);
        Assert.All(batch.Views.Span.ToArray(), value => Assert.True(float.IsFinite(value)));
    }

    private static SoundDataset Sounds(params double[] seconds) => SoundDataset.Of("tones", [.. seconds.Select((s, i) =>
    {
        var samples = new float[(int)Math.Round(s * 16000)];
        for (int t = 0; t < samples.Length; t++)
        {
            samples[t] = (float)(0.1 + (0.3 * Math.Sin(t * 0.05 * (i + 1))));
        }

        return samples;
    })]);
}
