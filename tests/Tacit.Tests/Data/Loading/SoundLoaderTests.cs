using Tacit.Data;
using Tacit.Data.Augment;
using Tacit.Data.Loading;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Data.Loading;

public sealed class SoundLoaderTests
{
    private const int Rate = 16000;

    private static readonly SoundAugmentationOptions Everything = new()
    {
        MixProbability = 0.5f,
        SpeedProbability = 0.5f,
        PitchProbability = 0.3f,
        ReverbProbability = 0.5f,
        NoiseProbability = 0.5f,
        BandDropProbability = 0.5f,
        GainDecibels = 6,
        MixupRatio = 0.4f,
        ResizeCrop = true,
        TimeMasks = 1,
        TimeMaskFrames = 10,
        FrequencyMasks = 1,
        TimeWarp = 5,
    };

    private static readonly SoundInput Picture = new() { Form = SoundForm.Picture, Mels = 64 };
    private static readonly SoundInput Raw = new() { Form = SoundForm.Wave, Normalize = false };

    [Fact]
    public void Changed_views_have_the_same_bits_for_any_number_of_threads_and_any_order_of_calls()
    {
        using SoundDataset dataset = Noises(12, seconds: 1.2);
        var options = new SoundLoaderOptions { BatchSize = 4, Input = Picture, CropSeconds = 0.95, Augmentation = Everything };
        float[][] expected = Run(1, [0, 1, 2, 3]);
        try
        {
            Assert.Equal(expected, Run(2, [0, 1, 2, 3]));
            Assert.Equal([expected[3], expected[1]], Run(2, [3, 1]));
        }
        finally
        {
            WorkerPool.Configure(Environment.ProcessorCount);
        }

        float[][] Run(int threads, long[] steps)
        {
            WorkerPool.Configure(threads);
            using var loader = new SoundLoader(dataset, new SoundPlan(2), options, seed: 5);
            return [.. steps.Select(step => loader.At(step).Views.Span.ToArray())];
        }
    }

    [Fact]
    public void Views_of_one_crop_are_changed_differently_and_what_was_decoded_stays()
    {
        using SoundDataset dataset = Noises(4, seconds: 0.5);
        float[] before = [.. dataset.Read(0)];
        using var loader = new SoundLoader(
            dataset, new SoundPlan(2), new SoundLoaderOptions { BatchSize = 4, Input = Raw, Augmentation = new() { NoiseProbability = 1, GainDecibels = 6, ReverbProbability = 1, MixProbability = 1 } }, 1);
        Batch batch = loader.At(0);

        Assert.Equal(batch.Starts![0], batch.Starts[4]);
        Assert.False(batch.View(0).Span.SequenceEqual(batch.View(1).Span));
        Assert.Equal(before, dataset.Read(0));
    }

    [Fact]
    public void Noise_is_added_at_the_ratio_asked_for()
    {
        using SoundDataset dataset = Noises(3, seconds: 1);
        using var loader = new SoundLoader(dataset, new SoundPlan(1), new SoundLoaderOptions { BatchSize = 3, Input = Raw, Augmentation = new() { NoiseProbability = 1, MinSnr = 7, MaxSnr = 7 } }, 1);
        Batch batch = loader.At(0);

        for (int i = 0; i < 3; i++)
        {
            float[] clean = dataset.Read(batch.Items[i]);
            double signal = 0, noise = 0;
            for (int t = 0; t < clean.Length; t++)
            {
                double added = batch.View(0).Rows(i, 1).Span[t] - clean[t];
                signal += (double)clean[t] * clean[t];
                noise += added * added;
            }

            Assert.Equal(7, 10 * Math.Log10(signal / noise), 0.01);
        }
    }

    [Fact]
    public void Lengths_follow_the_speed_and_crops_stay_full_where_there_is_sound()
    {
        using SoundDataset dataset = Noises(2, seconds: 1);

        // Whole items at 0.8 times their speed last 1.25 times as long; at 1.25 times, 0.8.
        foreach ((float speed, int expected) in new[] { (0.8f, 20000), (1.25f, 12800) })
        {
            var augmentation = new SoundAugmentationOptions { SpeedProbability = 1, MinSpeed = speed, MaxSpeed = speed };
            using var loader = new SoundLoader(dataset, new SoundPlan(1), new SoundLoaderOptions { BatchSize = 2, Input = Raw, Augmentation = augmentation }, 1);
            Batch batch = loader.At(0);
            Assert.Equal([expected, expected], batch.Lengths!);
            Assert.True(batch.Views.Rows(0, 1).Span[expected..].IndexOfAnyExcept(0f) < 0);
            Assert.Equal(ChangeSpeed.Apply(dataset.Read(batch.Items[0]), speed), batch.Views.Rows(0, 1).Span[..expected].ToArray());

            using var crops = new SoundLoader(dataset, new SoundPlan(2), new SoundLoaderOptions { BatchSize = 2, Input = Raw, CropSeconds = 0.5, Augmentation = augmentation }, 1);
            Assert.Equal([8000, 8000, 8000, 8000], crops.At(0).Lengths!);
        }
    }

    [Fact]
    public void Mixup_takes_the_items_before_in_the_epochs_order_and_the_first_stays_alone()
    {
        using SoundDataset dataset = Noises(6, seconds: 0.5);
        var plain = new SoundLoaderOptions { BatchSize = 6, Input = Picture };
        using var alone = new SoundLoader(dataset, new SoundPlan(1), plain, 3);
        using var mixed = new SoundLoader(dataset, new SoundPlan(1), plain with { Augmentation = new() { MixupRatio = 0.4f } }, 3);
        Tensor x = alone.At(0).Views, y = mixed.At(0).Views;
        int width = x.Length / 6, valid = alone.At(0).Lengths![0] * 64;
        x = Tensor.From(alone.At(0).Views.Span, x.Shape);

        Assert.Equal(x.Rows(0, 1).Span.ToArray(), y.Rows(0, 1).Span.ToArray());
        for (int i = 1; i < 6; i++)
        {
            // y = log((1 - λ) e^x + λ e^partner): some earlier item explains it by one λ of [0, 0.4) in every place.
            bool explained = Enumerable.Range(0, i).Any(p =>
            {
                double[] lambdas = [.. Enumerable.Range(0, valid)
                    .Where(t => Math.Abs(x.Span[(i * width) + t] - x.Span[(p * width) + t]) > 0.5)
                    .Select(t => (Math.Exp(y.Span[(i * width) + t]) - Math.Exp(x.Span[(i * width) + t])) / (Math.Exp(x.Span[(p * width) + t]) - Math.Exp(x.Span[(i * width) + t])))];
                return lambdas.Length > 10 && lambdas.Max() - lambdas.Min() < 1e-3 && lambdas[0] is >= 0 and < 0.4;
            });
            Assert.True(explained, $"row {i}");
        }
    }

    [Fact]
    public void Padding_stays_zero_behind_changed_frames()
    {
        var random = new RandomSequence(1, 1, 0);
        float[] Sound(int samples)
        {
            float[] sound = new float[samples];
            foreach (ref float x in sound.AsSpan())
            {
                x = random.NextNormal() * 0.1f;
            }

            return sound;
        }

        using SoundDataset dataset = SoundDataset.Of("two", [Sound(8000), Sound(14000)]);
        using var loader = new SoundLoader(dataset, new SoundPlan(2), new SoundLoaderOptions { BatchSize = 2, Input = new SoundInput { Form = SoundForm.Frames, Mels = 40 }, Augmentation = Everything }, 1);
        Batch batch = loader.At(0);
        for (int row = 0; row < 4; row++)
        {
            Assert.InRange(batch.Lengths![row], 1, batch.Views.Shape[1]);
            Assert.True(batch.Views.Rows(row, 1).Span[(batch.Lengths[row] * 40)..].IndexOfAnyExcept(0f) < 0);
        }
    }

    [Fact]
    public void Frames_of_waveforms_cannot_be_changed()
    {
        using SoundDataset dataset = Noises(2, seconds: 0.5);
        TacitException error = Assert.Throws<TacitException>(
            () => new SoundLoader(dataset, new SoundPlan(2), new SoundLoaderOptions { BatchSize = 2, Input = Raw, Augmentation = SoundAugmentationOptions.ByolA }, 1));
        Assert.Contains("the encoder takes waveforms", error.Message, StringComparison.Ordinal);
    }

    private static SoundDataset Noises(int count, double seconds)
    {
        var sounds = new List<float[]>();
        for (int i = 0; i < count; i++)
        {
            float[] sound = new float[(int)(seconds * Rate)];
            Philox.FillNormal(sound, 7, (ulong)i, 0);
            for (int t = 0; t < sound.Length; t++)
            {
                sound[t] *= 0.05f * (1.2f + MathF.Sin(t * (i + 1) * 0.0007f));
            }

            sounds.Add(sound);
        }

        return SoundDataset.Of("noises", sounds, Rate);
    }
}
