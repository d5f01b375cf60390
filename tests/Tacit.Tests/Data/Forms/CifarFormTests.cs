using Tacit.Data;
using Tacit.Data.Pictures;
using Xunit;

namespace Tacit.Tests.Data.Forms;

public sealed class CifarFormTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Batches_become_pictures_with_named_classes()
    {
        SampleFiles.Write(folder["c/data_batch_1.bin"], [.. Row(3, 10), .. Row(0, 20)]);
        SampleFiles.Write(folder["c/data_batch_2.bin"], Row(9, 30));
        SampleFiles.Write(folder["c/test_batch.bin"], Row(1, 40));
        SampleFiles.Write(folder["c/batches.meta.txt"], "airplane\nautomobile\nbird\ncat\ndeer\ndog\nfrog\nhorse\nship\ntruck\n\n");
        SampleFiles.Write(folder["c.tar"], SampleFiles.TarOf(folder["c"], "cifar-10-batches-bin/"));

        foreach (string path in new[] { folder["c"], folder["c.tar"] })
        {
            using var train = PictureDataset.Open(path);
            using var test = PictureDataset.Open(path, Split.Test);

            Assert.Equal("CIFAR-10 binary", train.Form);
            Assert.Equal(3, train.Count);
            Assert.Equal([3, 0, 9], train.Labels!);
            Assert.Equal("cat", train.Classes[3]);
            Assert.Equal([1], test.Labels!);
            Picture picture = train.Decode(1);
            Assert.Equal((32, 32, 3), (picture.Width, picture.Height, picture.Channels));

            // Row (y = 2, x = 5) of red, green and blue, as written below.
            Assert.Equal([25, 75, 125], picture.Pixels.AsSpan(((2 * 32) + 5) * 3, 3).ToArray());
        }
    }

    [Fact]
    public void One_batch_given_by_name_is_enough_and_classes_are_numbers_without_the_names()
    {
        SampleFiles.Write(folder["c/test_batch.bin"], Row(7, 0));

        using var dataset = PictureDataset.Open(folder["c/test_batch.bin"]);

        Assert.Equal([7], dataset.Labels!);
        Assert.Equal("7", dataset.Classes[7]);
    }

    [Fact]
    public void A_batch_cut_within_a_row_and_an_impossible_label_are_reported_and_the_rest_is_used()
    {
        SampleFiles.Write(folder["c/data_batch_1.bin"], [.. Row(0, 1), .. Row(200, 2), .. Row(5, 3), .. Row(6, 4)[..1000]]);

        using var dataset = PictureDataset.Open(folder["c"]);

        Assert.Equal([0, 5], dataset.Labels!);
        Assert.Equal("data_batch_1.bin/00001", Assert.Single(dataset.Broken).Name);
        Assert.Contains("within a row", Assert.Single(dataset.Warnings));
    }

    /// <summary>Red is start + x, green 50 more, blue 100 more.</summary>
    private static byte[] Row(byte label, byte start) =>
        [label, .. Enumerable.Range(0, 3 * 1024).Select(i => (byte)(start + (i % 32) + (50 * (i / 1024))))];
}
