using Tacit.Data.Sounds.Flac;

namespace Tacit.Data.Sounds;

/// <summary>
/// Decodes WAV, FLAC and NIST SPHERE in managed code, and other kinds through the program <c>ffmpeg</c> where the machine has
/// it; the kind of a file is told by its first bytes.
/// </summary>
/// <remarks>
/// Safe on hostile bytes: whatever they are, only <see cref="SoundException"/> is thrown, and a reader keeps less than 20 MB.
/// What bad input comes to: a WAV or SPHERE header that claims more samples than there are gives those that are there and a
/// warning; a FLAC file that ends early or is damaged is refused where that is seen, after the samples before, and one whose
/// frames were all decoded in order and are not those of the MD5 in its header is refused at the last; a sound
/// without samples, a float that is not finite, rates outside 1 kHz to 1 MHz and more than 256 channels are refused.
/// Thread-safe, each stream for itself.
/// </remarks>
public static class SoundDecoder
{
    /// <summary>Bytes that tell the kind of a file.</summary>
    public const int HeadBytes = 20;

    /// <summary>Whether a file that begins with these bytes is a sound, decoded here or by ffmpeg; <see cref="HeadBytes"/> are enough.</summary>
    public static bool IsSound(ReadOnlySpan<byte> first) =>
        FlacMetadata.IsFlac(first) || WavHeader.IsWav(first) || SphereHeader.IsSphere(first) || SoundKinds.Foreign(first) is not null;

    /// <summary>What the headers say: no sample is decoded, except that ffmpeg decodes the first ones of what it is asked for.</summary>
    /// <param name="stream">Stands at the file's first byte; left open, anywhere.</param>
    /// <param name="length">The file's bytes; -1 if unknown.</param>
    /// <exception cref="SoundException">The headers are truncated, corrupt, or of an unsupported kind, or state no samples.</exception>
    public static SoundInfo Identify(Stream stream, long length)
    {
        using SoundReader reader = Open(stream, length, leaveOpen: true, FfmpegReader.Find());
        return reader.Info;
    }

    /// <summary>Opens a sound for reading; the reader closes the stream.</summary>
    /// <param name="stream">Stands at the file's first byte. One that cannot seek can only be read forward.</param>
    /// <param name="length">The file's bytes; -1 if unknown.</param>
    /// <exception cref="SoundException">The headers are truncated, corrupt, or of an unsupported kind, or state no samples.</exception>
    public static SoundReader Open(Stream stream, long length) => Open(stream, length, leaveOpen: false, FfmpegReader.Find());

    /// <summary>Samples of a sound, the mean of its channels, at a rate.</summary>
    /// <param name="stream">Stands at the file's first byte; left open, anywhere.</param>
    /// <param name="length">The file's bytes; -1 if unknown.</param>
    /// <param name="rate">Hz of the result; 0 for the sound's own.</param>
    /// <param name="start">The first sample wanted, counted at that rate.</param>
    /// <param name="count">How many; null for all that follow.</param>
    /// <returns>As many samples, or fewer where the sound ends.</returns>
    /// <exception cref="SoundException">The sound is truncated, corrupt, unsupported, empty, or has more than 2²⁷ such samples.</exception>
    public static float[] Mono(Stream stream, long length, int rate, long start = 0, int? count = null) =>
        Mono(stream, length, rate, start, count, FfmpegReader.Find());

    internal static float[] Mono(Stream stream, long length, int rate, long start, int? count, string? ffmpeg)
    {
        using var reader = new MonoReader(Open(stream, length, leaveOpen: true, ffmpeg), rate);
        reader.Seek(start);
        long expected = Math.Min(count ?? long.MaxValue, reader.Length < 0 ? long.MaxValue : Math.Max(0, reader.Length - start));

        // A header is believed for the first 4 MB.
        float[] samples = new float[Math.Min(expected, 1 << 20)];
        int filled = 0;
        while (filled < expected)
        {
            if (filled == samples.Length)
            {
                if (filled == SoundLimits.MaxSamples)
                {
                    throw new SoundException($"The {reader.Source.Info.Format} sound has more than {SoundLimits.MaxSamples} samples; read it in pieces.");
                }

                Array.Resize(ref samples, (int)Math.Min(Math.Min(expected, SoundLimits.MaxSamples), Math.Max(4096, 2L * filled)));
            }

            int got = reader.Read(samples.AsSpan(filled));
            if (got == 0)
            {
                break;
            }

            filled += got;
        }

        Array.Resize(ref samples, filled);
        return samples;
    }

    /// <param name="ffmpeg">Where that program is; null if it is not to be asked.</param>
    internal static SoundReader Open(Stream stream, long length, bool leaveOpen, string? ffmpeg)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var input = new SoundInput(stream, length, leaveOpen);
        try
        {
            ReadOnlySpan<byte> first = input.Peek(HeadBytes);
            if (WavHeader.IsWav(first))
            {
                return WavHeader.Read(input, out int? codec) is { } layout
                    ? new PcmReader(input, layout)
                    : FfmpegReader.Open(stream, input, $"WAV (compressed by codec {codec})", ffmpeg);
            }

            if (SphereHeader.IsSphere(first))
            {
                return new PcmReader(input, SphereHeader.Read(input));
            }

            string? foreign = SoundKinds.Foreign(first);
            FlacMetadata.SkipId3(input);
            return FlacMetadata.IsFlac(input.Peek(4)) ? new FlacReader(input)
                : foreign is not null ? FfmpegReader.Open(stream, input, foreign, ffmpeg)
                : throw new SoundException("The file is not a sound that is known: its first bytes are none of WAV's, FLAC's, SPHERE's, nor of a kind that ffmpeg decodes.");
        }
        catch
        {
            input.Dispose();
            throw;
        }
    }
}
