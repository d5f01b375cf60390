using System.Formats.Tar;
using Tacit.Data;
using Xunit;

namespace Tacit.Tests.Data.Forms;

public sealed class WebDatasetFormTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Keys_join_pictures_and_classes_which_are_sorted_as_numbers()
    {
        byte[] tar = SampleFiles.Tar(
            TarEntryFormat.Ustar,
            ("shard/0002.cls", "10\n"u8.ToArray()),
            ("shard/0002.ppm", SampleFiles.Ppm(4, 4, 2)),
            ("shard/0001.ppm", SampleFiles.Ppm(4, 4, 1)),
            ("shard/0001.cls", "9"u8.ToArray()),
            ("shard/0001.json", "{}"u8.ToArray()),
            ("shard/0003.seg.ppm", SampleFiles.Ppm(4, 4, 3)));
        SampleFiles.Write(folder["w.tar"], tar);

        using var dataset = PictureDataset.Open(folder["w.tar"]);

        Assert.Equal("WebDataset", dataset.Form);
        Assert.Equal(["shard/0001.ppm", "shard/0002.ppm", "shard/0003.seg.ppm"], dataset.Names);
        Assert.Equal(["9", "10"], dataset.Classes);
        Assert.Equal([0, 1, -1], dataset.Labels!);
        Assert.Equal(1, dataset.Ignored);
    }
}
