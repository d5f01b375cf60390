using Tacit.Data.Pictures;
using Xunit;

namespace Tacit.Tests.Data.Pictures;

public sealed class DamagedPictureTests
{
    /// <summary>Pictures, and how many bytes at the end of each may be missing without anything of the picture being lost.</summary>
    public static TheoryData<string, int> Whole => new()
    {
        { "jpeg-2x2-50x40.jpg", 2 },                 // the end marker
        { "jpeg-1x1-17x33-progressive.jpg", 2 },
        { "jpeg-restart-1B-progressive.jpg", 2 },
        { "jpeg-planar.jpg", 2 },
        { "png-type2-8bit-19x11.png", 12 },          // the end chunk
        { "png-type3-4bit-21x18-adam7.png", 12 },
        { "bmp-24.bmp", 3 },                         // the last row's padding
        { "bmp-rle8.bmp", 4 },                       // the codes for the end of a row and of the bitmap
        { "pnm-P6-255.ppm", 0 },
    };

    [Theory]
    [MemberData(nameof(Whole))]
    public void A_file_cut_anywhere_is_refused(string name, int spare)
    {
        Reference reference = ReferencePictures.Get(name);
        for (int length = 0; length < reference.File.Length; length++)
        {
            Picture? picture = HostileDecoding.TryDecode(reference.File[..length], $"{name} cut to {length}");
            if (length < reference.File.Length - spare)
            {
                Assert.True(picture is null, $"{name} cut to {length} of {reference.File.Length} bytes was taken for whole.");
            }
            else if (picture is not null)
            {
                Assert.Equal(reference.Pixels, picture.Pixels);
            }
        }
    }

    [Theory]
    [InlineData("jpeg-2x2-50x40.jpg")]
    [InlineData("jpeg-2x2-50x40-progressive.jpg")]
    [InlineData("png-type2-8bit-19x11.png")]
    [InlineData("bmp-24.bmp")]
    [InlineData("bmp-rle8.bmp")]
    [InlineData("pnm-P6-255.ppm")]
    [InlineData("pnm-P3-255.ppm")]
    public void Half_a_file_is_called_truncated(string name)
    {
        byte[] file = ReferencePictures.Get(name).File;
        PictureException e = Assert.Throws<PictureException>(() => PictureDecoder.Decode(file.AsSpan(0, file.Length * 2 / 3)));
        Assert.Contains("truncated", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Damage_of_any_kind_gives_a_picture_or_one_kind_of_error()
    {
        List<byte[]> originals = [.. ReferencePictures.Names.Select(name => ReferencePictures.Get(name).File)];
        int decoded = 0;
        const int Mutants = 5000;
        for (int i = 0; i < Mutants; i++)
        {
            decoded += HostileDecoding.TryDecode(PictureMutations.Mutate(originals, (ulong)i), $"mutant {i}") is null ? 0 : 1;
        }

        // Neither is the damage so gross that nothing deep is reached, nor so slight that nothing is refused.
        Assert.InRange(decoded, Mutants / 10, Mutants * 9 / 10);
    }

    [Fact]
    public void A_wrong_checksum_is_refused()
    {
        byte[] file = [.. ReferencePictures.Get("png-type2-8bit-19x11.png").File];
        int data = file.AsSpan().IndexOf("IDAT"u8);
        file[data + 20] ^= 1;
        PictureException e = Assert.Throws<PictureException>(() => PictureDecoder.Decode(file));
        Assert.Contains("checksum", e.Message, StringComparison.Ordinal);
    }
}
