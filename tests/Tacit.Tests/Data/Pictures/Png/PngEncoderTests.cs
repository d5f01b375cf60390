using System.Buffers.Binary;
using Tacit.Data.Pictures;
using Tacit.Data.Pictures.Png;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Data.Pictures.Png;

public sealed class PngEncoderTests
{
    [Theory]
    [InlineData(1, 1, 3)]
    [InlineData(7, 1, 3)]
    [InlineData(1, 9, 3)]
    [InlineData(33, 17, 3)]
    [InlineData(300, 211, 3)]
    [InlineData(13, 5, 1)]
    public void WhatIsWrittenIsReadBackExactly(int width, int height, int channels)
    {
        var random = new RandomSequence(1, (ulong)width, height);
        var pixels = new byte[width * height * channels];
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (byte)random.NextInt(256);
        }

        var picture = new Picture(width, height, channels, pixels);
        Picture read = PictureDecoder.Decode(PngEncoder.Encode(picture));
        Assert.Equal((width, height, 3), (read.Width, read.Height, read.Channels));
        Assert.Equal(picture.ToRgb().Pixels, read.Pixels);
    }

    /// <summary>What other programs check and our decoder does not: the last chunk and its checksum, which never changes.</summary>
    [Fact]
    public void TheFileEndsAsTheSpecificationHasIt()
    {
        byte[] file = PngEncoder.Encode(new Picture(2, 2, 3, new byte[12]));
        Assert.Equal([0, 0, 0, 0, (byte)'I', (byte)'E', (byte)'N', (byte)'D', 0xAE, 0x42, 0x60, 0x82], file[^12..]);
        Assert.Equal(13, BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(8)));
    }
}
