namespace Tacit.Data.Sounds;

/// <summary>Where the samples of an uncompressed sound lie and how they are written: what a WAV or SPHERE header comes to.</summary>
/// <param name="Format">"WAV" or "SPHERE".</param>
/// <param name="Rate">Frames a second.</param>
/// <param name="Channels">Samples a frame, interleaved.</param>
/// <param name="Encoding">How a sample is written.</param>
/// <param name="SampleBytes">Bytes of a sample.</param>
/// <param name="IsBigEndian">Whether its first byte is the highest.</param>
/// <param name="DataStart">Where in the file the samples begin.</param>
/// <param name="DataBytes">Bytes of samples as the header claims; -1 for all up to the end of the file.</param>
internal sealed record PcmLayout(
    string Format, int Rate, int Channels, PcmEncoding Encoding, int SampleBytes, bool IsBigEndian,
    long DataStart, long DataBytes)
{
    public int FrameBytes => SampleBytes * Channels;

    /// <summary>Bits of a decoded sample.</summary>
    public int Bits => Encoding is PcmEncoding.ALaw or PcmEncoding.MuLaw ? 16 : SampleBytes * 8;

    /// <summary>The info of a file of <paramref name="length"/> bytes (-1: unknown), whatever the header claims.</summary>
    public SoundInfo Info(long length)
    {
        long there = length < 0 ? long.MaxValue : Math.Max(0, length - DataStart);
        long bytes = DataBytes < 0 ? there : Math.Min(DataBytes, there);
        return new SoundInfo(Format, Rate, Channels, Bits, bytes == long.MaxValue ? -1 : bytes / FrameBytes);
    }
}
