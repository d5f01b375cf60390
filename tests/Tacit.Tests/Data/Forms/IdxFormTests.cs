using System.Buffers.Binary;
using System.IO.Compression;
using Tacit.Data;
using Tacit.Data.Pictures;
using Xunit;

namespace Tacit.Tests.Data.Forms;

public sealed class IdxFormTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Pictures_and_labels_beside_them_are_read_packed_or_plain(bool packed)
    {
        Images("train-images-idx3-ubyte", 3, packed);
        Labels("train-labels-idx1-ubyte", [9, 2, 9], packed);
        string suffix = packed ? ".gz" : "";

        foreach (string path in new[] { folder["idx"], folder["idx/train-images-idx3-ubyte" + suffix], Tar() })
        {
            using var dataset = PictureDataset.Open(path);
            Assert.Equal("IDX", dataset.Form);
            Assert.Equal(["00000", "00001", "00002"], dataset.Names);
            Assert.Equal(["2", "9"], dataset.Classes);
            Assert.Equal([1, 0, 1], dataset.Labels!);
            Picture picture = dataset.Decode(2);
            Assert.Equal((5, 4, 3), (picture.Width, picture.Height, picture.Channels));

            // Item 2, row 1, column 3 was written as 2·20 + 1·5 + 3.
            Assert.Equal(48, picture.Pixels[((1 * 5) + 3) * 3]);
            Assert.Empty(dataset.Warnings);
        }
    }

    [Fact]
    public void Where_both_parts_lie_together_the_split_says_which()
    {
        Images("train-images-idx3-ubyte", 3);
        Images("t10k-images-idx3-ubyte", 2);
        Labels("t10k-labels-idx1-ubyte", [1, 0]);

        using var train = PictureDataset.Open(folder["idx"]);
        using var test = PictureDataset.Open(folder["idx"], Split.Test);

        Assert.Equal(3, train.Count);
        Assert.Null(train.Labels);
        Assert.Equal(2, test.Count);
        Assert.Equal([1, 0], test.Labels!);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_file_that_ends_early_is_used_as_far_as_it_goes(bool packed)
    {
        byte[] whole = ImageBytes(10);
        SampleFiles.Write(folder["idx/x-images-idx3-ubyte" + (packed ? ".gz" : "")], packed ? Gzip(whole[..(16 + 70)]) : whole[..(16 + 70)]);

        using var dataset = PictureDataset.Open(folder["idx"]);

        Assert.Equal(3, dataset.Count);     // 70 bytes are three pictures of 20 and a half
        Assert.Equal(59, dataset.Decode(2).Pixels[^1]);
        Assert.Contains("ends early", Assert.Single(dataset.Warnings));
    }

    [Fact]
    public void A_packed_file_cut_in_the_middle_is_used_as_far_as_it_unpacks()
    {
        // Noise does not pack, so half of the file is about half of the pictures.
        byte[] whole = new byte[16 + (400 * 20)];
        ImageBytes(400).CopyTo(whole, 0);
        for (int i = 16; i < whole.Length; i++)
        {
            whole[i] = (byte)((i * 2654435761L) >> 13);
        }

        byte[] packed = Gzip(whole);
        SampleFiles.Write(folder["idx/x-images-idx3-ubyte.gz"], packed[..(packed.Length / 2)]);

        using var dataset = PictureDataset.Open(folder["idx"]);

        Assert.InRange(dataset.Count, 50, 300);
        Assert.Equal(whole[16 + 20], dataset.Decode(1).Pixels[0]);
    }

    [Fact]
    public void Fewer_labels_than_pictures_leave_the_rest_without()
    {
        Images("x-images-idx3-ubyte", 3);
        Labels("x-labels-idx1-ubyte", [4, 4]);

        using var dataset = PictureDataset.Open(folder["idx"]);

        Assert.Equal([0, 0, -1], dataset.Labels!);
        Assert.Contains("2 labels for 3 pictures", Assert.Single(dataset.Warnings));
    }

    [Theory]
    [InlineData(0x801, 3, 4, 5)]
    [InlineData(0x803, -1, 4, 5)]
    [InlineData(0x803, 3, 0, 5)]
    [InlineData(0x803, 2_000_000_000, 60_000, 60_000)]
    public void A_header_that_cannot_be_true_is_refused(int magic, int count, int height, int width)
    {
        byte[] bytes = new byte[100];
        int[] header = [magic, count, height, width];
        for (int i = 0; i < 4; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4 * i), header[i]);
        }

        SampleFiles.Write(folder["idx/x-images-idx3-ubyte"], bytes);

        TacitException error = Assert.Throws<TacitException>(() => PictureDataset.Open(folder["idx"]).Dispose());
        Assert.Contains("x-images-idx3-ubyte", error.Message);
    }

    private static byte[] ImageBytes(int count)
    {
        byte[] bytes = new byte[16 + (count * 20)];
        int[] header = [0x803, count, 4, 5];
        for (int i = 0; i < 4; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4 * i), header[i]);
        }

        for (int i = 16; i < bytes.Length; i++)
        {
            bytes[i] = (byte)(i - 16);
        }

        return bytes;
    }

    private static byte[] Gzip(byte[] bytes)
    {
        var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return stream.ToArray();
    }

    private void Images(string name, int count, bool packed = false) => Write(name, ImageBytes(count), packed);

    private void Labels(string name, byte[] labels, bool packed = false)
    {
        byte[] bytes = [0, 0, 8, 1, 0, 0, 0, (byte)labels.Length, .. labels];
        Write(name, bytes, packed);
    }

    private void Write(string name, byte[] bytes, bool packed) =>
        SampleFiles.Write(folder["idx/" + name + (packed ? ".gz" : "")], packed ? Gzip(bytes) : bytes);

    private string Tar()
    {
        SampleFiles.Write(folder["idx.tar"], SampleFiles.TarOf(folder["idx"], "inner/"));
        return folder["idx.tar"];
    }
}
