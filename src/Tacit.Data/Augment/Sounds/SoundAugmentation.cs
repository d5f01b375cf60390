using Tacit.Tensors;

namespace Tacit.Data.Augment;

/// <summary>Changes one view of a recording as its options say: its samples, then its frames. Threads may share one.</summary>
/// <param name="options">What is done, how often and how strongly.</param>
/// <param name="rate">Samples a second.</param>
internal sealed class SoundAugmentation(SoundAugmentationOptions options, int rate)
{
    /// <summary>BYOL-A mixes with the items of its last batches, 2,048 of them.</summary>
    private const int MixupReach = 2048;

    private readonly MixUtteranceOptions mix = new() { Probability = 1 };
    private readonly MixNoiseOptions noise = new() { Probability = 1, MinSnr = options.MinSnr, MaxSnr = options.MaxSnr };
    private readonly ReverberationOptions room = new() { Probability = 1 };
    private readonly BandDropOptions band = new() { Probability = 1 };
    private readonly PitchOptions pitch = new() { MinSemitones = -options.PitchSemitones, MaxSemitones = options.PitchSemitones };
    private readonly GainOptions gain = new() { MinDecibels = -options.GainDecibels, MaxDecibels = options.GainDecibels };
    private readonly RandomResizeCropOptions crop = new();
    private readonly SpecAugmentOptions masks = new()
    {
        TimeWarp = options.TimeWarp,
        TimeMask = options.TimeMaskFrames,
        TimeMasks = options.TimeMasks,
        FrequencyMask = options.FrequencyMaskBins,
        FrequencyMasks = options.FrequencyMasks,
        FillWithMean = true,
    };

    /// <summary>How many samples must be read so that at least so many are left at any speed.</summary>
    public int Reads(int wanted) => options.SpeedProbability > 0 ? Math.Max(wanted, (int)Math.Ceiling(wanted * (double)options.MaxSpeed) + 1) : wanted;

    /// <summary>The most samples that so many can become.</summary>
    public int Most(int samples) => options.SpeedProbability > 0 ? Math.Max(samples, ChangeSpeed.Length(samples, options.MinSpeed)) : samples;

    /// <summary>The samples of a view: a copy, or <paramref name="read"/> itself where nothing is done to it.</summary>
    /// <param name="read">What was read, which stays as it is.</param>
    /// <param name="wanted">The view's samples at most.</param>
    /// <param name="places">Places in the epoch's order: how many, and the view's own.</param>
    /// <param name="other">What was read of the item at a place; null where that cannot be read.</param>
    /// <param name="random">Where chance comes from.</param>
    public float[] Samples(float[] read, int wanted, (int Count, int Own) places, Func<int, float[]?> other, ref RandomSequence random)
    {
        float[] sound = options.ChangesSamples ? [.. read] : read;
        if (Happens(options.MixProbability, ref random) && places.Count > 1)
        {
            int place = random.NextInt(places.Count - 1);
            if (other(place < places.Own ? place : place + 1) is { } second)
            {
                _ = MixUtterance.Run(sound, second, mix, ref random);
            }
        }

        if (Happens(options.SpeedProbability, ref random))
        {
            float speed = random.NextUniform(options.MinSpeed, options.MaxSpeed);
            sound = ChangeSpeed.Apply(sound, speed);
        }

        if (sound.Length > wanted)
        {
            sound = sound[..wanted];
        }

        if (Happens(options.PitchProbability, ref random))
        {
            sound = ChangePitch.Run(sound, rate, pitch, ref random);
        }

        if (Happens(options.ReverbProbability, ref random))
        {
            Reverberate.Run(sound, rate, room, ref random);
        }

        if (Happens(options.NoiseProbability, ref random))
        {
            var colour = (NoiseColour)random.NextInt(3);
            MixNoise.Run(sound, colour, noise, ref random);
        }

        if (Happens(options.BandDropProbability, ref random))
        {
            BandDrop.Run(sound, rate, band, ref random);
        }

        if (options.GainDecibels > 0)
        {
            Gain.Run(sound, gain, ref random);
        }

        return sound;
    }

    /// <summary>Changes the frames of a view in place.</summary>
    /// <param name="frames">[T, bins], normalised, without padding.</param>
    /// <param name="bins">Numbers per frame.</param>
    /// <param name="own">The view's own place in the epoch's order: the partner in mixup is one of the 2,048 before it, and the first has none.</param>
    /// <param name="write">Writes the frames of the item at a place and gives how many; 0 where it cannot be read.</param>
    /// <param name="random">Where chance comes from.</param>
    public void Frames(Span<float> frames, int bins, int own, PartnerFrames write, ref RandomSequence random)
    {
        if (options.MixupRatio > 0 && own > 0)
        {
            int place = own - 1 - random.NextInt(Math.Min(own, MixupReach));
            using Scratch scratch = Scratch.Rent(frames.Length);
            Span<float> partner = Memory(scratch, frames.Length);
            int shared = write(place, partner) * bins;
            LogMixupExp.Run(frames[..shared], partner[..shared], options.MixupRatio, ref random);
        }

        if (options.ResizeCrop)
        {
            RandomResizeCrop.Run(frames, bins, crop, ref random);
        }

        if (options.TimeMasks > 0 || options.FrequencyMasks > 0 || options.TimeWarp > 0)
        {
            SpecAugment.Run(frames, bins, masks, ref random);
        }
    }

    /// <summary>Writes the frames of the item at a place of the epoch's order.</summary>
    public delegate int PartnerFrames(int place, Span<float> frames);

    private static bool Happens(float probability, ref RandomSequence random) => probability > 0 && random.NextUniform() < probability;

    private static unsafe Span<float> Memory(in Scratch scratch, int length) => new(scratch.Data, length);
}
