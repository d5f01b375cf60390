using System.Formats.Tar;
using Tacit.Data;
using Tacit.Data.Pictures;
using Xunit;

namespace Tacit.Tests.Data;

public sealed class PictureDatasetTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Class_folders_give_labels_by_sorted_name_and_items_in_ordinal_order()
    {
        Write("zebra/1.ppm", 1);
        Write("Ape/10.ppm", 2);
        Write("Ape/9.ppm", 3);
        Write("cat/deep/er/x.ppm", 4);

        Both(dataset =>
        {
            Assert.Equal("class folders", dataset.Form);
            Assert.Equal(["Ape/10.ppm", "Ape/9.ppm", "cat/deep/er/x.ppm", "zebra/1.ppm"], dataset.Names);
            Assert.Equal(["Ape", "cat", "zebra"], dataset.Classes);
            Assert.Equal([0, 0, 1, 2], dataset.Labels!);
            Assert.Equal([2, 3, 4, 1], Enumerable.Range(0, 4).Select(i => (int)dataset.Decode(i).Pixels[0]));
            Assert.Empty(dataset.Broken);
        });
    }

    [Fact]
    public void One_folder_around_the_classes_is_looked_through()
    {
        Write("data/flowers/rose/1.ppm", 1);
        Write("data/flowers/lily/1.ppm", 2);

        Both(dataset => Assert.Equal(["lily", "rose"], dataset.Classes));
    }

    [Theory]
    [InlineData("a/1.ppm", "2.ppm")]
    [InlineData("a/1.ppm", "a/2.ppm")]
    [InlineData("1.ppm", "2.ppm")]
    public void Pictures_that_are_not_all_in_class_folders_have_no_labels(string first, string second)
    {
        Write(first, 1);
        Write(second, 2);

        Both(dataset =>
        {
            Assert.Equal("pictures", dataset.Form);
            Assert.Equal(2, dataset.Count);
            Assert.Null(dataset.Labels);
            Assert.Empty(dataset.Classes);
        });
    }

    [Fact]
    public void The_kind_of_a_file_is_told_by_its_first_bytes_and_company_is_not_broken()
    {
        Write("a/picture-without-extension", 1);
        Write("b/picture.txt", 2);
        SampleFiles.Write(folder["set/LICENSE"], "MIT");
        SampleFiles.Write(folder["set/readme.md"], "Pictures");
        SampleFiles.Write(folder["set/a/.DS_Store"], "x");
        SampleFiles.Write(folder["set/a/Thumbs.db"], "x");
        SampleFiles.Write(folder["set/notes.json"], "{}");
        SampleFiles.Write(folder["set/b/fake.jpg"], "not a picture");
        SampleFiles.Write(folder["set/b/empty.png"], "");

        Both(dataset =>
        {
            Assert.Equal(["a/picture-without-extension", "b/picture.txt"], dataset.Names);
            Assert.Equal(["b/empty.png", "b/fake.jpg"], dataset.Broken.Select(b => b.Name));
            Assert.Equal(1, dataset.Ignored);
        });
    }

    [Fact]
    public void A_picture_cut_short_is_named_once_and_the_others_go_on()
    {
        SampleFiles.Write(folder["set/a/cut.jpg"], SampleFiles.CutJpeg());
        SampleFiles.Write(folder["set/b/whole.jpg"], SampleFiles.WholeJpeg());

        Both(dataset =>
        {
            Assert.Empty(dataset.Broken);
            Assert.Null(dataset.TryDecode(0));
            Assert.Null(dataset.TryDecode(0));
            Assert.NotNull(dataset.TryDecode(1));
            BrokenItem broken = Assert.Single(dataset.Broken);
            Assert.Equal("a/cut.jpg", broken.Name);
            Assert.Contains("a/cut.jpg", Assert.Throws<TacitException>(() => dataset.Decode(0)).Message);
        });
    }

    [Fact]
    public void Grey_pictures_become_RGB()
    {
        SampleFiles.Write(folder["set/grey.pgm"], SampleFiles.Pgm(2, 2, 77));

        Both(dataset =>
        {
            Picture picture = dataset.Decode(0);
            Assert.Equal((2, 2, 3), (picture.Width, picture.Height, picture.Channels));
            Assert.All(picture.Pixels, p => Assert.Equal(77, p));
        });
    }

    [Fact]
    public void A_single_picture_is_a_data_set_of_one()
    {
        Write("x.ppm", 5);

        using var dataset = PictureDataset.Open(folder["set/x.ppm"]);

        Assert.Equal(["x.ppm"], dataset.Names);
        Assert.Equal(5, dataset.Decode(0).Pixels[0]);
    }

    [Fact]
    public void What_cannot_be_used_is_refused_in_one_sentence()
    {
        Refused(folder["nowhere"], "There is nothing at");
        Directory.CreateDirectory(folder["empty"]);
        Refused(folder["empty"], "is empty");
        SampleFiles.Write(folder["text/a.txt"], "a");
        Refused(folder["text"], "holds no picture");
        SampleFiles.Write(folder["broken/a.jpg"], "a");
        Refused(folder["broken"], "None of the pictures");
        SampleFiles.Write(folder["file.xyz"], "what is this");
        Refused(folder["file.xyz"], "neither a picture nor a tar");
        SampleFiles.Write(folder["data.tar.gz"], [0x1F, 0x8B, 8, 0, 0, 0]);
        Refused(folder["data.tar.gz"], "gunzip");
        SampleFiles.Write(folder["empty.tar"], new byte[1024]);
        Refused(folder["empty.tar"], "is empty");
        SampleFiles.Write(folder["noise.tar"], [.. Enumerable.Range(0, 2000).Select(i => (byte)(i * 31))]);
        SampleFiles.Write(folder["nothing.tar"], []);
        Refused(folder["nothing.tar"], "is empty");
        Refused(folder["noise.tar"], "neither a picture nor a tar");
        SampleFiles.Write(folder["tars/x.tar"], new byte[1024]);
        Refused(folder["tars"], "give one of its .tar files");
        Write("train/a/1.ppm", 1);
        Write("test/a/1.ppm", 1);
        Refused(folder["set"], "--test");
    }

    [Fact]
    public void A_tar_cut_short_is_used_up_to_the_cut_and_says_so()
    {
        byte[] picture = SampleFiles.Ppm(8, 8, 9);
        byte[] tar = SampleFiles.Tar(TarEntryFormat.Ustar, ("a/1.ppm", picture), ("b/2.ppm", picture), ("b/3.ppm", picture));
        SampleFiles.Write(folder["cut.tar"], tar[..2700]);

        using var dataset = PictureDataset.Open(folder["cut.tar"]);

        Assert.Equal(["a/1.ppm", "b/2.ppm"], dataset.Names);
        Assert.Equal("b/3.ppm", Assert.Single(dataset.Broken).Name);
        Assert.Contains("ends early", Assert.Single(dataset.Warnings));
    }

    [Fact]
    public void A_folder_reached_twice_through_links_is_entered_once()
    {
        Write("a/1.ppm", 1);
        Write("b/1.ppm", 2);
        try
        {
            Directory.CreateSymbolicLink(folder["set/a/loop"], folder["set"]);
            File.CreateSymbolicLink(folder["set/b/2.ppm"], folder["set/a/1.ppm"]);
            File.CreateSymbolicLink(folder["set/b/3.ppm"], folder["set/gone.ppm"]);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Assert.Skip("Links cannot be made here: " + error.Message);
        }

        using var dataset = PictureDataset.Open(folder["set"]);

        Assert.Equal(["a/1.ppm", "b/1.ppm", "b/2.ppm"], dataset.Names);
        Assert.Equal("b/3.ppm", Assert.Single(dataset.Broken).Name);
    }

    [Fact]
    public void The_fingerprint_tells_other_data_from_moved_data()
    {
        Write("a/1.ppm", 1);
        Write("b/1.ppm", 2);
        string first, packed, moved, changed;
        using (var dataset = PictureDataset.Open(folder["set"]))
        {
            first = dataset.Fingerprint;
        }

        SampleFiles.Write(folder["set.tar"], SampleFiles.TarOf(folder["set"]));
        using (var dataset = PictureDataset.Open(folder["set.tar"]))
        {
            packed = dataset.Fingerprint;
        }

        Directory.Move(folder["set"], folder["elsewhere"]);
        using (var dataset = PictureDataset.Open(folder["elsewhere"]))
        {
            moved = dataset.Fingerprint;
        }

        SampleFiles.Write(folder["elsewhere/b/1.ppm"], SampleFiles.Ppm(3, 3, 1));
        using (var dataset = PictureDataset.Open(folder["elsewhere"]))
        {
            changed = dataset.Fingerprint;
        }

        Assert.Equal(first, packed);
        Assert.Equal(first, moved);
        Assert.NotEqual(first, changed);
    }

    [Fact]
    public void Labels_can_be_read_in_another_sets_numbering()
    {
        Picture[] pictures = SampleFiles.Noise(4, 4, 4);
        using var test = PictureDataset.Of("test", pictures, [0, 1, 2, -1], ["bee", "cat", "emu"]);

        Assert.Equal([1, 2, -1, -1], test.LabelsAs(["ape", "bee", "cat"])!);
    }

    [Fact]
    public void Pictures_are_kept_only_within_the_budget()
    {
        Write("a.ppm", 1);
        using var dataset = PictureDataset.Open(folder["set"]);

        dataset.CacheBytes = 100;       // 48 bytes of pixels and what an object costs: too much
        Assert.NotSame(dataset.Decode(0), dataset.Decode(0));

        dataset.CacheBytes = 1000;
        Assert.Same(dataset.Decode(0), dataset.Decode(0));
    }

    [Fact]
    public void Inspection_counts_sizes_formats_classes_and_damage()
    {
        Write("a/1.ppm", 1);
        Write("a/2.ppm", 1);
        SampleFiles.Write(folder["set/a/3.pgm"], SampleFiles.Pgm(10, 6, 1));
        SampleFiles.Write(folder["set/b/4.jpg"], SampleFiles.WholeJpeg());
        SampleFiles.Write(folder["set/b/5.jpg"], SampleFiles.CutJpeg());
        SampleFiles.Write(folder["set/b/6.jpg"], "nothing");
        SampleFiles.Write(folder["set/b/7.wav"], "RIFF");
        PictureInfo jpeg = PictureDecoder.Identify(SampleFiles.WholeJpeg());

        Both(dataset =>
        {
            Assert.Equal(5, dataset.Inspect(decode: false).Items);      // headers alone do not show that pixels are missing
            PictureSummary summary = dataset.Inspect();

            Assert.Equal(4, summary.Items);
            Assert.Equal([("a", 3), ("b", 1)], summary.Classes);
            Assert.Equal(["b/5.jpg", "b/6.jpg"], summary.Broken.Select(b => b.Name));
            Assert.Equal(1, summary.Ignored);
            Assert.Equal([("Netpbm", 3), ("Jpeg", 1)], summary.Formats);
            Assert.Equal((4, 4, 2), summary.Sizes[0]);
            Assert.Equal(jpeg.Width == 10 ? 2 : 3, summary.DifferentSizes);
            int[] widths = [.. new[] { 4, 4, 10, jpeg.Width }.Order()];
            Assert.Equal(new Spread(widths[0], widths[1], widths[3]), summary.Widths);
            Assert.Equal(1 + (jpeg.Channels == 1 ? 1 : 0), summary.Grey);
        });
    }

    [Theory]
    [InlineData("cifar10-test.tar", 10_000, 10, 32)]
    [InlineData("flowers64-test.tar", 736, 5, 64)]
    [InlineData("flowers-original.tar", 60, 5, 240)]
    public void Real_archives_are_whole(string name, int count, int classes, int side)
    {
        if (SampleFiles.Shared(name) is not { } path)
        {
            Assert.Skip($"{name} is not beside the repository in shared/data.");
            return;
        }

        using var dataset = PictureDataset.Open(path);
        PictureSummary summary = dataset.Inspect(decode: count < 1000);

        Assert.Equal(count, summary.Items);
        Assert.Equal(classes, summary.Classes.Count);
        Assert.Empty(summary.Broken);
        Assert.Empty(summary.Warnings);
        Assert.Equal([("Jpeg", count)], summary.Formats);
        Assert.InRange(dataset.TypicalSide(), side, side == 240 ? 400 : side);
    }

    private void Write(string name, byte red) => SampleFiles.Write(folder["set/" + name], SampleFiles.Ppm(4, 4, red));

    /// <summary>The same must hold for the folder and for a tar of it.</summary>
    private void Both(Action<PictureDataset> check)
    {
        using (var dataset = PictureDataset.Open(folder["set"]))
        {
            check(dataset);
        }

        SampleFiles.Write(folder["set.tar"], SampleFiles.TarOf(folder["set"]));
        using (var dataset = PictureDataset.Open(folder["set.tar"]))
        {
            check(dataset);
        }
    }

    private static void Refused(string path, string because)
    {
        TacitException error = Assert.Throws<TacitException>(() => PictureDataset.Open(path).Dispose());
        Assert.Contains(because, error.Message);
        Assert.Contains(path, error.Message);
    }
}
