namespace Tacit.Data.Sounds;

/// <summary>What a sound's headers say.</summary>
/// <param name="Format">The kind of file: "WAV", "FLAC", "SPHERE", or "ffmpeg" for whatever that program decodes.</param>
/// <param name="Rate">Frames a second, in Hz.</param>
/// <param name="Channels">Samples a frame.</param>
/// <param name="Bits">Bits of a decoded sample: 8 to 32 for integers (16 for A-law and µ-law, 4 to 32 for FLAC), 32 or 64 for floats.</param>
/// <param name="Frames">Samples of each channel; -1 where the file does not say.</param>
public readonly record struct SoundInfo(string Format, int Rate, int Channels, int Bits, long Frames)
{
    /// <summary>The duration; NaN where the file does not say.</summary>
    public double Seconds => Frames < 0 ? double.NaN : (double)Frames / Rate;
}
