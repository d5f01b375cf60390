using System.Buffers.Binary;

namespace Tacit.Data.Sounds.Flac;

/// <summary>The checksum of a whole stream's samples: interleaved, each in as few bytes as hold its bits, the lowest first.</summary>
internal sealed class FlacDigest
{
    private readonly Md5 md5 = new();
    private readonly byte[] expected;
    private readonly int channels;
    private readonly int sampleBytes;
    private byte[] bytes = [];

    private FlacDigest(byte[] expected, int channels, int bits)
    {
        this.expected = expected;
        this.channels = channels;
        sampleBytes = (bits + 7) / 8;
    }

    /// <summary>Null where the stream states no checksum.</summary>
    public static FlacDigest? For(FlacStreamInfo info) => info.Md5 is { } sum ? new FlacDigest(sum, info.Channels, info.Bits) : null;

    public void Add(FlacFrame frame, int count)
    {
        int size = count * channels * sampleBytes;
        if (bytes.Length < size)
        {
            bytes = new byte[size];
        }

        int step = channels * sampleBytes;
        for (int channel = 0; channel < channels; channel++)
        {
            ReadOnlySpan<int> samples = frame.Channel(channel)[..count];
            Span<byte> to = bytes.AsSpan(0, size)[(channel * sampleBytes)..];
            if (sampleBytes == 2)
            {
                for (int i = 0; i < samples.Length; i++)
                {
                    BinaryPrimitives.WriteInt16LittleEndian(to[(i * step)..], (short)samples[i]);
                }

                continue;
            }

            for (int i = 0; i < samples.Length; i++)
            {
                for (int b = 0; b < sampleBytes; b++)
                {
                    to[(i * step) + b] = (byte)(samples[i] >> (8 * b));
                }
            }
        }

        md5.Append(bytes.AsSpan(0, size));
    }

    /// <exception cref="SoundException">The samples are not those that were encoded.</exception>
    public void Check()
    {
        if (!md5.Finish().AsSpan().SequenceEqual(expected))
        {
            throw FlacMetadata.Corrupt("its samples do not have the checksum (MD5) that its header states");
        }
    }
}
