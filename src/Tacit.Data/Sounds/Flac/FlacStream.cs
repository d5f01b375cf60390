using System.Numerics.Tensors;

namespace Tacit.Data.Sounds.Flac;

/// <summary>Frames one after the other, from wherever the input stands.</summary>
internal sealed class FlacStream
{
    private const int FirstTryBytes = 32 << 10;
    private readonly int mostBytes;
    private readonly int firstTry;

    public FlacStream(SoundInput input)
    {
        Input = input;
        Metadata = FlacMetadata.Read(input);

        // Stored plainly, a frame of the largest block has so many bytes; a bad encoder's may have a few times more.
        long plain = FlacFrameHeader.MaxSize + (((long)StreamInfo.MaxBlock * StreamInfo.Channels * (StreamInfo.Bits + 1)) / 8) + 64;
        mostBytes = (int)(4 * plain) + FirstTryBytes;
        firstTry = (int)Math.Min(plain, StreamInfo.MaxFrameBytes > 0 ? StreamInfo.MaxFrameBytes : FirstTryBytes) + FlacFrameHeader.MaxSize;
    }

    public SoundInput Input { get; }

    public FlacMetadata Metadata { get; }

    public FlacStreamInfo StreamInfo => Metadata.StreamInfo;

    /// <summary>Decodes the frame that comes next.</summary>
    /// <returns>Whether there was one; at the end of the file, or at a tag in place of it, there is none.</returns>
    /// <exception cref="SoundException">What comes is no frame, or a damaged one, or ends within.</exception>
    public bool Next(FlacFrame frame)
    {
        for (int wanted = firstTry; wanted <= mostBytes; wanted *= 2)
        {
            ReadOnlySpan<byte> padded = Input.PeekPadded(wanted);
            ReadOnlySpan<byte> bytes = padded[..^SoundInput.Slack];
            if (bytes.IsEmpty || bytes.StartsWith("TAG"u8) || bytes.StartsWith("APETAGEX"u8))
            {
                return false;
            }

            if (!FlacFrameHeader.TryRead(bytes, out FlacFrameHeader header))
            {
                throw bytes.Length < FlacFrameHeader.MaxSize ? FlacMetadata.Truncated() : FlacMetadata.Corrupt($"no frame begins at byte {Input.Position}, where one should");
            }

            if (!IsOfStream(header))
            {
                throw FlacMetadata.Corrupt($"the frame at byte {Input.Position} differs from the stream in rate, channels or bits");
            }

            try
            {
                Input.Advance(frame.Decode(padded, header, StreamInfo.Bits));
                CheckRange(frame);
                return true;
            }
            catch (FlacEndException) when (bytes.Length >= wanted)
            {
                // There is more in the file.
            }
            catch (FlacEndException)
            {
                throw FlacMetadata.Truncated();
            }
        }

        throw FlacMetadata.Corrupt($"the frame at byte {Input.Position} has no end");
    }

    /// <summary>Whether a frame's header says what the stream's info does.</summary>
    public bool IsOfStream(in FlacFrameHeader header) =>
        header.Channels == StreamInfo.Channels
        && (header.Bits == 0 || header.Bits == StreamInfo.Bits)
        && (header.Rate == 0 || header.Rate == StreamInfo.Rate);

    private void CheckRange(FlacFrame frame)
    {
        if (StreamInfo.Bits == 32)
        {
            return;
        }

        int limit = 1 << (StreamInfo.Bits - 1);
        for (int channel = 0; channel < StreamInfo.Channels; channel++)
        {
            ReadOnlySpan<int> samples = frame.Channel(channel);
            if (TensorPrimitives.Min(samples) < -limit || TensorPrimitives.Max(samples) >= limit)
            {
                throw FlacMetadata.Corrupt($"a sample has more than {StreamInfo.Bits} bits");
            }
        }
    }
}
