using Tacit.Data;
using Tacit.Data.Forms;
using Xunit;

namespace Tacit.Tests.Data.Forms;

public sealed class ManifestFormTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public ManifestFormTests()
    {
        SampleFiles.Write(folder["m/pictures/a.ppm"], SampleFiles.Ppm(4, 4, 1));
        SampleFiles.Write(folder["m/pictures/b, c.ppm"], SampleFiles.Ppm(4, 4, 2));
        SampleFiles.Write(folder["m/pictures/unnamed.ppm"], SampleFiles.Ppm(4, 4, 3));
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("list.tsv", "path\tlabel\npictures/b, c.ppm\tdog\npictures/a.ppm\tcat\npictures/gone.ppm\tcat\n")]
    [InlineData("list.csv", "label,speaker,Path\r\ndog,x,\"pictures/b, c.ppm\"\r\ncat,\"y \"\"z\"\"\",pictures/a.ppm\r\ncat,,pictures/gone.ppm")]
    public void Rows_name_pictures_beside_the_manifest_in_its_order(string name, string text)
    {
        SampleFiles.Write(folder["m/" + name], text);
        SampleFiles.Write(folder["m.tar"], SampleFiles.TarOf(folder["m"]));
        SampleFiles.Write(folder["wrapped.tar"], SampleFiles.TarOf(folder["m"], "m/"));

        foreach (string path in new[] { folder["m"], folder["m/" + name], folder["m.tar"], folder["wrapped.tar"] })
        {
            using var dataset = PictureDataset.Open(path);
            Assert.Equal("manifest", dataset.Form);
            Assert.Equal(["pictures/b, c.ppm", "pictures/a.ppm"], dataset.Names);
            Assert.Equal(["cat", "dog"], dataset.Classes);
            Assert.Equal([1, 0], dataset.Labels!);
            Assert.Equal(2, dataset.Decode(0).Pixels[0]);
            Assert.Equal("pictures/gone.ppm", Assert.Single(dataset.Broken).Name);
        }
    }

    [Fact]
    public void A_table_without_paths_is_no_manifest_unless_it_was_given_as_one()
    {
        SampleFiles.Write(folder["m/other.csv"], "name,value\nx,1\n");

        using (var dataset = PictureDataset.Open(folder["m"]))
        {
            Assert.Equal("pictures", dataset.Form);
        }

        TacitException error = Assert.Throws<TacitException>(() => PictureDataset.Open(folder["m/other.csv"]).Dispose());
        Assert.Contains("no column called path", error.Message);
    }

    [Fact]
    public void Two_manifests_ask_which_is_meant()
    {
        SampleFiles.Write(folder["m/train.tsv"], "path\npictures/a.ppm\n");
        SampleFiles.Write(folder["m/test.tsv"], "path\npictures/a.ppm\n");

        TacitException error = Assert.Throws<TacitException>(() => PictureDataset.Open(folder["m"]).Dispose());

        Assert.Contains("test.tsv, train.tsv", error.Message);
    }

    [Fact]
    public void A_manifest_of_missing_files_is_refused()
    {
        SampleFiles.Write(folder["m/list.tsv"], "path\nnot/here.ppm\n");

        TacitException error = Assert.Throws<TacitException>(() => PictureDataset.Open(folder["m"]).Dispose());

        Assert.Contains("not/here.ppm", error.Message);
    }

    [Fact]
    public void Without_a_label_column_nothing_is_labelled()
    {
        SampleFiles.Write(folder["m/list.tsv"], "path\tspeaker\npictures/a.ppm\tx\n\n");

        using var dataset = PictureDataset.Open(folder["m"]);

        Assert.Null(dataset.Labels);
        Assert.Equal(1, dataset.Count);
    }

    [Fact]
    public void Quoted_fields_hold_separators_quotes_and_line_breaks()
    {
        List<string[]> rows = Table.Parse("a,\"b,\"\"c\"\"\n d\",\n\ne,f", commas: true);

        Assert.Equal([["a", "b,\"c\"\n d", ""], ["e", "f"]], rows);
    }
}
