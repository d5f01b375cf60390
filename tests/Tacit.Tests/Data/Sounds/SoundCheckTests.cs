using Tacit.Data.Sounds;

namespace Tacit.Tests.Data.Sounds;

public sealed class SoundCheckTests
{
    [Fact]
    public void Channels_are_averaged()
    {
        float[] mono = new float[2];
        SoundCheck.Mix([1, 0.5f, 0, -1, -0.5f, 0], 3, mono);
        Assert.Equal([0.5f, -0.5f], mono);
    }

    [Fact]
    public void Full_scale_is_what_the_bits_can_hold()
    {
        float[] samples = [0, 32767 / 32768f, -1, 32766 / 32768f, 127 / 128f];
        Assert.Equal(0.4, SoundCheck.ClippedShare(samples));
        Assert.Equal(0.8, SoundCheck.ClippedShare(samples, 8));
        Assert.Equal(0.2, SoundCheck.ClippedShare(samples, 24));
        Assert.Equal(0, SoundCheck.ClippedShare([]));
    }

    [Fact]
    public void Loudness_is_peak_and_root_mean_square()
    {
        float[] samples = [0.3f, -0.4f, 0, 0];
        Assert.Equal(0.4f, SoundCheck.Peak(samples));
        Assert.Equal(0.25, SoundCheck.Rms(samples), 1e-7);
        Assert.False(SoundCheck.IsSilent(samples));
        Assert.True(SoundCheck.IsSilent([1e-4f, -1e-4f]));
        Assert.True(SoundCheck.IsSilent([]));
        Assert.Equal(0, SoundCheck.Peak([]));
    }
}
