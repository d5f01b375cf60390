using Tacit.Data.Pictures.Jpeg;
using Xunit;

namespace Tacit.Tests.Data.Pictures.Jpeg;

public sealed class OrientedLayoutTests
{
    // The rows "abc" and "def", written out by hand for each orientation of the Exif standard.
    [Theory]
    [InlineData(1, "abc/def")]
    [InlineData(2, "cba/fed")]
    [InlineData(3, "fed/cba")]
    [InlineData(4, "def/abc")]
    [InlineData(5, "ad/be/cf")]
    [InlineData(6, "da/eb/fc")]
    [InlineData(7, "fc/eb/da")]
    [InlineData(8, "cf/be/ad")]
    public void Puts_pixels_where_the_standard_says(int orientation, string expected)
    {
        OrientedLayout layout = OrientedLayout.Of(3, 2, orientation);
        byte[] pixels = new byte[6];

        layout.Scatter("abc"u8, 0, 1, pixels);
        layout.Scatter("def"u8, 1, 1, pixels);

        IEnumerable<string> rows = Enumerable.Range(0, layout.Height)
            .Select(y => string.Concat(pixels.Skip(y * layout.Width).Take(layout.Width).Select(b => (char)b)));
        Assert.Equal(expected, string.Join('/', rows));
        Assert.Equal(orientation == 1, layout.IsUpright);
    }
}
