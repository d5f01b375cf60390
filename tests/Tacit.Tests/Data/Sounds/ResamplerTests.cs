using Tacit.Data.Sounds;
using Tacit.Tensors;

namespace Tacit.Tests.Data.Sounds;

public sealed class ResamplerTests
{
    public static TheoryData<int, int> Rates => new()
    {
        { 44100, 16000 }, { 8000, 16000 }, { 48000, 16000 }, { 16000, 8000 }, { 22050, 16000 }, { 16000, 44100 }, { 11025, 16000 },
    };

    [Theory]
    [MemberData(nameof(Rates))]
    public void Samples_equal_those_of_torchaudio(int from, int to)
    {
        (float[] x, float[] y) = Vectors(from, to);

        Oracle.AssertWithin(y, new Resampler(from, to).Resample(x), 1e-5);
    }

    [Theory]
    [MemberData(nameof(Rates))]
    public void Pieces_give_the_samples_of_the_whole(int from, int to)
    {
        (float[] x, _) = Vectors(from, to);
        var resampler = new Resampler(from, to);
        float[] whole = resampler.Resample(x);
        foreach (int size in new[] { 1, 7, 100, 1000 })
        {
            resampler.Begin(0);
            Assert.Equal(whole, Pieces(resampler, x, size));
        }
    }

    [Theory]
    [MemberData(nameof(Rates))]
    public void A_part_is_computed_alone(int from, int to)
    {
        (float[] x, _) = Vectors(from, to);
        var resampler = new Resampler(from, to);
        float[] whole = resampler.Resample(x);
        foreach (int start in new[] { 0, 1, 5, 63, 400, whole.Length - 1, whole.Length })
        {
            int first = (int)Math.Min(x.Length, resampler.Begin(start));
            Assert.Equal(whole[start..], Pieces(resampler, x[first..], 50));
        }
    }

    [Fact]
    public void Rates_without_a_common_divisor_are_computed_as_they_come()
    {
        float[] x = [.. Enumerable.Range(0, 3000).Select(i => MathF.Sin(i * 0.05f))];
        float[] y = new Resampler(44101, 15999).Resample(x);

        Assert.Equal((int)Math.Ceiling(3000 * 15999.0 / 44101), y.Length);
        for (int i = 20; i < y.Length - 20; i++)
        {
            Assert.Equal(Math.Sin(i * (44101.0 / 15999) * 0.05), y[i], 0.02);
        }
    }

    [Fact]
    public void Equal_rates_change_nothing()
    {
        float[] x = [0.5f, -1, 3];
        Assert.Equal(x, new Resampler(16000, 16000).Resample(x));
    }

    [Fact]
    public void Nothing_gives_nothing() => Assert.Empty(new Resampler(44100, 16000).Resample([]));

    private static float[] Pieces(Resampler resampler, float[] input, int size)
    {
        var all = new List<float>();
        float[] room = new float[resampler.MaxOutput(size)];
        for (int i = 0; i < input.Length; i += size)
        {
            all.AddRange(room.AsSpan(0, resampler.Push(input.AsSpan(i, Math.Min(size, input.Length - i)), room)));
        }

        all.AddRange(room.AsSpan(0, resampler.Finish(room)));
        return [.. all];
    }

    private static (float[] X, float[] Y) Vectors(int from, int to)
    {
        SafetensorsContent content = Oracle.Read("resample.safetensors");
        return (content.Tensors[$"{from}-{to}.x"].ToArray(), content.Tensors[$"{from}-{to}.y"].ToArray());
    }
}
