using Tacit.Data.Augment;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Data.Augment.Sounds;

public sealed class ChanceTests
{
    private delegate float[] Augmentation(float[] x, ref RandomSequence random);

    private static readonly Dictionary<string, Augmentation> All = new()
    {
        ["noise"] = (float[] x, ref RandomSequence r) => { MixNoise.Run(x, Sounds.Noise(500, 3), new(), ref r); return x; },
        ["pink"] = (float[] x, ref RandomSequence r) => { MixNoise.Run(x, NoiseColour.Pink, new(), ref r); return x; },
        ["room"] = (float[] x, ref RandomSequence r) => { Reverberate.Run(x, Sounds.Rate, new(), ref r); return x; },
        ["utterance"] = (float[] x, ref RandomSequence r) => { MixUtterance.Run(x, Sounds.Noise(900, 3), new() { Probability = 1 }, ref r); return x; },
        ["gain"] = (float[] x, ref RandomSequence r) => { Gain.Run(x, new(), ref r); return x; },
        ["speed"] = (float[] x, ref RandomSequence r) => ChangeSpeed.Run(x, new(), ref r),
        ["pitch"] = (float[] x, ref RandomSequence r) => ChangePitch.Run(x, Sounds.Rate, new(), ref r),
        ["band"] = (float[] x, ref RandomSequence r) => { BandDrop.Run(x, Sounds.Rate, new(), ref r); return x; },
        ["specaugment"] = (float[] x, ref RandomSequence r) => { SpecAugment.Run(x, 40, new(), ref r); return x; },
        ["mixup"] = (float[] x, ref RandomSequence r) => { LogMixupExp.Run(x, Sounds.Noise(x.Length, 3), 0.4f, ref r); return x; },
        ["crop"] = (float[] x, ref RandomSequence r) => { RandomResizeCrop.Run(x, 40, new(), ref r); return x; },
        ["fade"] = (float[] x, ref RandomSequence r) => { RandomLinearFader.Run(x, 40, 1, ref r); return x; },
    };

    public static TheoryData<string> Names => [.. All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_same_numbers_give_the_same_sound_and_others_another(string name)
    {
        float[] After(long step)
        {
            RandomSequence random = Sounds.Random(step);
            return All[name](Sounds.Noise(4000), ref random);
        }

        Assert.Equal(After(1), After(1));
        Assert.NotEqual(After(1), After(2));
        Assert.NotEqual(Sounds.Noise(4000), After(1));
    }

    [Fact]
    public void What_cannot_work_is_refused()
    {
        Assert.Throws<TacitException>(() => new MixNoiseOptions { Probability = 1.5f }.Validate());
        Assert.Throws<TacitException>(() => new MixNoiseOptions { MinSnr = 30 }.Validate());
        Assert.Throws<TacitException>(() => new GainOptions { MaxDecibels = float.NaN }.Validate());
        Assert.Throws<TacitException>(() => new ReverberationOptions { MinDecay = 0 }.Validate());
        Assert.Throws<TacitException>(() => new MixUtteranceOptions { MaxPart = 2 }.Validate());
        Assert.Throws<TacitException>(() => new SpeedOptions { MinSpeed = 0 }.Validate());
        Assert.Throws<TacitException>(() => new PitchOptions { MaxSemitones = 60 }.Validate());
        Assert.Throws<TacitException>(() => new BandDropOptions { MaxWidth = -1 }.Validate());
        Assert.Throws<TacitException>(() => new SpecAugmentOptions { TimeMask = -1 }.Validate());
        Assert.Throws<TacitException>(() => new RandomResizeCropOptions { CanvasTime = 0.5f }.Validate());
        new MixNoiseOptions().Validate();
        new GainOptions().Validate();
        new ReverberationOptions().Validate();
        new MixUtteranceOptions().Validate();
        new SpeedOptions().Validate();
        new PitchOptions().Validate();
        new BandDropOptions().Validate();
        new SpecAugmentOptions().Validate();
        new RandomResizeCropOptions().Validate();
    }
}
