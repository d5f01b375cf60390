using Tacit.Data.Pictures;
using Xunit;

namespace Tacit.Tests.Data.Pictures;

public sealed class ReferencePictureTests
{
    public static TheoryData<string> Names => [.. ReferencePictures.Names];

    [Fact]
    public void There_are_references_of_every_format()
    {
        Assert.True(ReferencePictures.Names.Count >= 200);
        foreach (string prefix in new[] { "jpeg-", "png-", "bmp-", "pnm-" })
        {
            Assert.Contains(ReferencePictures.Names, name => name.StartsWith(prefix, StringComparison.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Pixels_equal_those_of_another_decoder(string name)
    {
        Reference reference = ReferencePictures.Get(name);

        Picture picture = PictureDecoder.Decode(reference.File);

        Assert.Equal((reference.Width, reference.Height, reference.Channels), (picture.Width, picture.Height, picture.Channels));
        int different = reference.Pixels.Zip(picture.Pixels).Count(pair => pair.First != pair.Second);
        int largest = reference.Pixels.Zip(picture.Pixels).Max(pair => Math.Abs(pair.First - pair.Second));
        Assert.True(different == 0, $"{name}: {different} of {picture.Pixels.Length} values differ, by up to {largest}");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Headers_alone_tell_size_channels_and_format(string name)
    {
        Reference reference = ReferencePictures.Get(name);

        PictureInfo info = PictureDecoder.Identify(reference.File);

        PictureFormat format = name[..3] switch
        {
            "jpe" => PictureFormat.Jpeg,
            "png" => PictureFormat.Png,
            "bmp" => PictureFormat.Bmp,
            _ => PictureFormat.Netpbm,
        };
        Assert.Equal(new PictureInfo(reference.Width, reference.Height, reference.Channels, format), info);
        Assert.True(PictureDecoder.IsPicture(reference.File.AsSpan(0, 8)));
    }
}
