using Tacit.Data.Pictures;
using Xunit;

namespace Tacit.Tests.Data.Pictures;

public sealed class PictureDecoderTests
{
    [Fact]
    public void A_small_jpeg_allocates_its_pixels_and_little_else()
    {
        byte[] file = ReferencePictures.Get("jpeg-2x2-32x32.jpg").File;
        PictureDecoder.Decode(file);

        long before = GC.GetAllocatedBytesForCurrentThread();
        PictureDecoder.Decode(file);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 32 * 32 * 3, (32 * 32 * 3) + 200);
    }

    [Fact]
    public void A_broken_picture_leaves_no_trace_in_the_next()
    {
        Reference good = ReferencePictures.Get("jpeg-quality-100-1x1.jpg");
        Reference other = ReferencePictures.Get("jpeg-quality-10-2x2.jpg");
        for (int i = 0; i < good.File.Length; i += 3)
        {
            // A code of sixteen ones does not exist: decoding breaks off in the middle of a block.
            byte[] broken = [.. good.File];
            for (int j = i; j + 1 < Math.Min(i + 8, broken.Length); j += 2)
            {
                broken[j] = 0xFF;
                broken[j + 1] = 0;
            }

            HostileDecoding.TryDecode(broken, $"broken at {i}");
            Assert.Equal(other.Pixels, PictureDecoder.Decode(other.File).Pixels);
        }
    }

    [Fact]
    public void Threads_do_not_disturb_each_other()
    {
        string[] names = [.. ReferencePictures.Names];
        int wrong = 0;
        Thread[] threads = [.. Enumerable.Range(0, 4).Select(t => new Thread(() =>
        {
            for (int i = 0; i < names.Length; i++)
            {
                Reference reference = ReferencePictures.Get(names[(i + (t * 61)) % names.Length]);
                if (!PictureDecoder.Decode(reference.File).Pixels.AsSpan().SequenceEqual(reference.Pixels))
                {
                    Interlocked.Increment(ref wrong);
                }
            }
        }))];
        foreach (Thread thread in threads)
        {
            thread.Start();
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        Assert.Equal(0, wrong);
    }

    [Fact]
    public void Grey_becomes_rgb_by_repetition()
    {
        var grey = new Picture(2, 1, 1, [7, 200]);
        Assert.Equal([7, 7, 7, 200, 200, 200], grey.ToRgb().Pixels);

        Picture rgb = grey.ToRgb();
        Assert.Same(rgb, rgb.ToRgb());
    }

    [Theory]
    [InlineData(2, 2, 2, 8)]
    [InlineData(0, 2, 1, 0)]
    [InlineData(2, 2, 3, 11)]
    public void A_picture_is_as_large_as_it_says(int width, int height, int channels, int bytes) =>
        Assert.ThrowsAny<ArgumentException>(() => new Picture(width, height, channels, new byte[bytes]));
}
