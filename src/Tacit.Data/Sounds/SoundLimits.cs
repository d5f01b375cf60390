namespace Tacit.Data.Sounds;

/// <summary>Bounds that are checked on a header's claims before anything is made of them.</summary>
internal static class SoundLimits
{
    public const int MinRate = 1000;

    /// <summary>The largest rate that FLAC can state, in Hz.</summary>
    public const int MaxRate = (1 << 20) - 1;

    public const int MaxChannels = 256;

    /// <summary>Samples that one call gives as an array: two hours at 16 kHz, 512 MB. Longer sounds are read in pieces.</summary>
    public const int MaxSamples = 1 << 27;

    /// <summary>Refuses rates and channels that no recording has, and sounds without a sample.</summary>
    public static void Check(in SoundInfo info)
    {
        if (info.Rate is < MinRate or > MaxRate)
        {
            throw new SoundException($"The {info.Format} sound claims a rate of {(uint)info.Rate} Hz; rates from {MinRate} to {MaxRate} Hz are read.");
        }

        if (info.Channels is < 1 or > MaxChannels)
        {
            throw new SoundException($"The {info.Format} sound claims {info.Channels} channels; from 1 to {MaxChannels} are read.");
        }

        if (info.Frames == 0)
        {
            throw Empty(info.Format);
        }
    }

    public static SoundException Empty(string format) => new($"The {format} sound is empty: it has no samples.");
}
