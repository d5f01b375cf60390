using Tacit.Data;
using Tacit.Data.Augment;
using Tacit.Data.Pictures;
using Tacit.Evaluation.Report;
using Tacit.Tensors;

namespace Tacit.Tests.Evaluation.Report;

public sealed class DataUriTests : IDisposable
{
    private const string Png = "data:image/png;base64,", Wave = "data:audio/wav;base64,";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_row_of_views_comes_back_as_the_levels_it_was_made_of()
    {
        var normalization = new Normalization([0.5f, 0.25f, 0.1f], [0.5f, 0.25f, 0.2f]);
        byte[] levels = [.. Enumerable.Range(0, 2 * 3 * 4 * 3).Select(i => (byte)(i * 31))];
        Tensor views = Tensor.Lasting(new Shape(2, 3, 4, 3));
        for (int i = 0; i < levels.Length; i++)
        {
            views.Span[i] = ((levels[i] / 255f) - normalization.Mean[i % 3]) / normalization.Deviation[i % 3];
        }

        Picture second = Decode(DataUri.Of(views, 1, normalization));

        Assert.Equal((4, 3), (second.Width, second.Height));
        Assert.Equal(levels[36..], second.Pixels);
    }

    [Theory]
    [InlineData(1, 0.02)]
    [InlineData(2, 0.002)]
    public void A_sound_is_a_file_that_plays_what_it_was_made_of_as_loud_as_it_can(int bytes, double tolerance)
    {
        const int Rate = 16000;
        float[] tone = [.. Enumerable.Range(0, Rate).Select(i => (float)(0.05 * Math.Sin(2 * Math.PI * 500 * i / Rate)))];

        float[] played = Play(DataUri.Wav(tone, Rate, 0.5, bytes));

        Assert.Equal(4000, played.Length);          // half a second at 8,000
        for (int i = 400; i < 3600; i++)            // away from the ends, where the resampler sees silence
        {
            Assert.Equal(0.9 * Math.Sin(2 * Math.PI * 500 * i / 8000.0), played[i], tolerance);
        }
    }

    [Fact]
    public void Silence_stays_silent()
    {
        byte[] file = Convert.FromBase64String(DataUri.Wav(new float[800], 8000, 1, 1)[Wave.Length..]);

        Assert.Equal(44 + 800, file.Length);
        Assert.All(file[44..], sample => Assert.Equal(128, sample));
    }

    [Fact]
    public void A_spectrum_has_low_frequencies_at_the_bottom_and_time_from_left_to_right()
    {
        // Three frames of four bins: the first bin loud first, the last bin loud last.
        Picture picture = Decode(DataUri.Spectrum([9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9], 4, 4, 0, 9));

        Assert.Equal((3, 4), (picture.Width, picture.Height));
        byte Red(int x, int y) => picture.Pixels[((y * 3) + x) * 3];
        Assert.Equal(253, Red(0, 3));
        Assert.Equal(253, Red(2, 0));
        Assert.Equal(16, Red(1, 1));
        Assert.Equal(2, Enumerable.Range(0, 12).Count(i => picture.Pixels[i * 3] == 253));
    }

    [Fact]
    public void Frames_that_are_not_finite_are_drawn_dark()
    {
        Picture picture = Decode(DataUri.Spectrum([1, float.NaN, float.PositiveInfinity, 0], 2, 2));

        Assert.Equal((2, 2), (picture.Width, picture.Height));
    }

    private static Picture Decode(string uri) => PictureDecoder.Decode(Convert.FromBase64String(uri[Png.Length..]));

    private float[] Play(string uri)
    {
        File.WriteAllBytes(folder["sound.wav"], Convert.FromBase64String(uri[Wave.Length..]));
        using var sounds = SoundDataset.Open(folder["sound.wav"], 8000);
        return sounds.Read(0);
    }
}
