using Tacit.Data.Augment;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Data.Augment.Sounds;

public sealed class SpectrogramTests
{
    private const int Frames = 60, Bins = 40;

    [Fact]
    public void Masks_never_exceed_their_limits_and_are_half_as_wide_on_average()
    {
        var options = new SpecAugmentOptions { TimeWarp = 0, FrequencyMask = 12, FrequencyMasks = 1, TimeMask = 30, TimeMasks = 1, MaxTimeFraction = 0.35f };
        RandomSequence random = Sounds.Random();
        double time = 0, frequency = 0;
        int longest = 0, widest = 0;
        const int Draws = 4000;
        for (int i = 0; i < Draws; i++)
        {
            float[] x = [.. Enumerable.Repeat(1f, Frames * Bins)];
            SpecAugment.Run(x, Bins, options, ref random);

            // A frame, or a bin, is masked if all of it is.
            int frames = x.Chunk(Bins).Count(row => row.All(v => v == 0));
            int bins = Enumerable.Range(0, Bins).Count(f => x.Where((_, at) => at % Bins == f).All(v => v == 0));
            Assert.Equal((Frames - frames) * (Bins - bins), x.Count(v => v == 1));
            (time, frequency, longest, widest) = (time + frames, frequency + bins, Math.Max(longest, frames), Math.Max(widest, bins));
        }

        Assert.Equal((21, 12), (longest, widest));                  // 0.35 of 60 frames
        Assert.InRange(time / Draws, 10.1, 10.9);                   // 10.5, deviation 6.3 / √4000
        Assert.InRange(frequency / Draws, 5.7, 6.3);
    }

    [Fact]
    public void Masks_may_take_the_mean()
    {
        float[] x = [.. Enumerable.Range(0, Frames * Bins).Select(i => (float)(i % 2 == 0 ? 1 : 3))];
        RandomSequence random = Sounds.Random();

        SpecAugment.Run(x, Bins, new() { TimeWarp = 0, FillWithMean = true, FrequencyMask = 40 }, ref random);

        Assert.Contains(2f, x);
        Assert.All(x, v => Assert.Contains(v, (float[])[1, 2, 3]));
    }

    [Fact]
    public void A_warp_moves_one_frame_and_keeps_the_ends()
    {
        float[] ramp = [.. Enumerable.Range(0, 11).SelectMany(t => new float[] { t, 100 - t })];

        SpecAugment.Warp(ramp, 2, 4, 2);

        // Frame 6 shows what was 4; before it 4 / 6 of a frame a frame, behind it 6 / 4.
        float[] at = [0, 2 / 3f, 4 / 3f, 2, 8 / 3f, 10 / 3f, 4, 5.5f, 7, 8.5f, 10];
        Oracle.AssertWithin([.. at.SelectMany(t => new float[] { t, 100 - t })], ramp, 1e-4);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Few_frames_are_handled(int frames)
    {
        RandomSequence random = Sounds.Random();
        float[] x = [.. Enumerable.Repeat(1f, frames * Bins)], mix = [.. x];
        for (int i = 0; i < 200; i++)
        {
            float[] y = [.. x];
            SpecAugment.Run(y, Bins, new(), ref random);
            RandomResizeCrop.Run(y, Bins, new(), ref random);
            RandomLinearFader.Run(y, Bins, 1, ref random);
            LogMixupExp.Run(mix, x, 0.4f, ref random);
            Assert.All(y, v => Assert.True(float.IsFinite(v)));
        }

        Oracle.AssertWithin(x, mix, 1e-4);      // a spectrogram mixed with itself
    }

    [Fact]
    public void Mixup_is_a_sum_of_energies()
    {
        float[] x = [.. Enumerable.Repeat(MathF.Log(2), 21)], y = [.. Enumerable.Repeat(MathF.Log(10), 21)];
        float[] own = [.. x], loud = [500, -500, 88], soft = [-500, 500, -88];

        LogMixupExp.Apply(x, y, 0.25f);
        LogMixupExp.Apply(own, y, 0);
        LogMixupExp.Apply(loud, soft, 0.25f);

        Oracle.AssertWithin([.. Enumerable.Repeat(MathF.Log(4), 21)], x, 1e-6);         // 0.75 · 2 + 0.25 · 10
        Assert.Equal(Enumerable.Repeat(MathF.Log(2), 21), own);
        Oracle.AssertWithin([500 + MathF.Log(0.75f), 500 + MathF.Log(0.25f), 88 + MathF.Log(0.75f)], loud, 1e-4);
    }

    [Fact]
    public void Mixing_shares_are_drawn_evenly_below_the_ratio()
    {
        RandomSequence random = Sounds.Random();
        var shares = new List<double>();
        for (int i = 0; i < 4000; i++)
        {
            float[] x = [0];
            LogMixupExp.Run(x, [MathF.Log(2)], 0.4f, ref random);
            shares.Add(Math.Exp(x[0]) - 1);
        }

        Assert.InRange(shares.Min(), -1e-6, 0.01);
        Assert.InRange(shares.Max(), 0.39, 0.4);
        Assert.InRange(shares.Average(), 0.19, 0.21);
    }

    [Theory]
    [InlineData(3, 12, 2, 9)]
    [InlineData(-6, 36, 0, 16)]
    [InlineData(-2, 20, 5, 11)]
    [InlineData(10, 1, 7, 1)]
    [InlineData(0, 24, 0, 10)]
    public void Crops_are_resized_as_torch_does(int top, int height, int left, int width)
    {
        SafetensorsContent oracle = Oracle.Read("augment-sounds.safetensors");
        float[] x = oracle.Tensors["spectrogram"].Span.ToArray();

        RandomResizeCrop.Apply(x, 16, top, height, left, width);

        Oracle.AssertWithin(oracle.Tensors[$"crop.{top}.{height}.{left}.{width}"].Span, x, 1e-5);
    }

    [Fact]
    public void A_crop_of_everything_is_everything()
    {
        var whole = new RandomResizeCropOptions { CanvasTime = 1, MinTime = 1, MaxTime = 1, MinFrequency = 1, MaxFrequency = 1 };
        float[] x = Sounds.Noise(Frames * Bins), y = [.. x];
        RandomSequence random = Sounds.Random();

        RandomResizeCrop.Run(y, Bins, whole, ref random);

        Assert.Equal(x, y);
    }

    [Fact]
    public void Crops_beyond_the_picture_show_zeros()
    {
        var wide = new RandomResizeCropOptions { CanvasTime = 1.5f, MinTime = 1.5f, MaxTime = 1.5f, MinFrequency = 1, MaxFrequency = 1 };
        float[] x = [.. Enumerable.Repeat(1f, Frames * Bins)];
        RandomSequence random = Sounds.Random();

        RandomResizeCrop.Run(x, Bins, wide, ref random);

        // 90 frames, the 60 in the middle: a sixth of silence at either end.
        float[] line = [.. x.Where((_, at) => at % Bins == 7)];
        Assert.Equal(0, line[0]);
        Assert.Equal(0, line[^1]);
        Assert.Equal(1, line[Frames / 2], 1e-5f);
        Assert.InRange(line.Sum(), 39, 41);
    }

    [Fact]
    public void A_fade_is_a_straight_line()
    {
        float[] x = [1, 1, 1, 1, 1, 1];

        RandomLinearFader.Apply(x, 2, -1, 3);

        Assert.Equal([0f, 0, 2, 2, 4, 4], x);
    }
}
