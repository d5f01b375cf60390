using System.Diagnostics;
using Tacit.Data.Pictures;
using Xunit;

namespace Tacit.Tests.Data.Pictures;

/// <summary>Decodes bytes that may be anything and checks what must hold for any of them.</summary>
internal static class HostileDecoding
{
    public const long MaxBytes = 200_000_000;

    /// <summary>Decodes, and fails the test if anything but a picture or a <see cref="PictureException"/> comes out, or if it takes a second or 200 MB.</summary>
    /// <returns>The picture, or null where the bytes were refused.</returns>
    public static Picture? TryDecode(byte[] bytes, string what)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        long start = Stopwatch.GetTimestamp();
        Picture? picture = null;
        try
        {
            picture = PictureDecoder.Decode(bytes);
        }
        catch (PictureException e)
        {
            Assert.EndsWith(".", e.Message, StringComparison.Ordinal);
        }

        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(elapsed < TimeSpan.FromSeconds(1), $"{what} took {elapsed.TotalMilliseconds:F0} ms");
        Assert.True(allocated < MaxBytes, $"{what} allocated {allocated} bytes");

        try
        {
            PictureInfo info = PictureDecoder.Identify(bytes);
            if (picture is not null)
            {
                Assert.Equal((picture.Width, picture.Height, picture.Channels), (info.Width, info.Height, info.Channels));
            }
        }
        catch (PictureException)
        {
            Assert.Null(picture);
        }

        return picture;
    }
}
