using System.Text.Json;

namespace Tacit.EndToEnd;

public sealed class DataInfoTests
{
    [Fact]
    public void Names_what_is_broken_and_counts_the_rest()
    {
        using var folder = new Folder();
        TinyPictures.Folders(folder.Path, 5);
        File.WriteAllText(folder["rows", "LICENSE.txt"], "not a picture");
        byte[] whole = File.ReadAllBytes(folder["rows", "003.ppm"]);
        File.WriteAllBytes(folder["rows", "003.ppm"], whole[..100]);

        JsonElement info = Cli.Json("data", "info", folder.Path);

        Assert.Equal(14, info.GetProperty("items").GetInt32());
        Assert.Equal("rows/003.ppm", Assert.Single(info.GetProperty("broken").EnumerateArray()).GetProperty("name").GetString());
        Assert.Equal(["blobs 5", "columns 5", "rows 4"], info.GetProperty("classes").EnumerateArray().Select(c => $"{c.GetProperty("name")} {c.GetProperty("items")}"));
        Assert.Equal(12, info.GetProperty("width").GetProperty("max").GetInt32());
        Screen.Holds(Cli.RunIn(folder.Path, "data", "info", ".").Error, "data-info");
    }

    [Fact]
    public void Reads_packed_IDX()
    {
        using var folder = new Folder();
        JsonElement info = Cli.Json("data", "info", TinyPictures.Idx(folder["idx"], 4));

        Assert.Equal(12, info.GetProperty("items").GetInt32());
        Assert.Equal(3, info.GetProperty("classes").GetArrayLength());
        Assert.Empty(info.GetProperty("broken").EnumerateArray());
    }

    [Fact]
    public void A_link_is_the_file_that_it_leads_to()
    {
        using var folder = new Folder();
        TinyPictures.Folders(folder["pictures"], 2);
        File.CreateSymbolicLink(folder["one.ppm"], folder["pictures", "rows", "000.ppm"]);
        File.WriteAllLines(folder["list.csv"], ["path", "one.ppm", "pictures/rows/001.ppm"]);

        foreach ((string data, int items) in (ReadOnlySpan<(string, int)>)[("one.ppm", 1), ("list.csv", 2)])
        {
            JsonElement info = Cli.Json("data", "info", folder[data]);
            Assert.Equal(items, info.GetProperty("items").GetInt32());
            Assert.Empty(info.GetProperty("broken").EnumerateArray());
        }
    }

    [Fact]
    public void All_broken_is_an_error_that_says_so()
    {
        using var folder = new Folder();
        File.WriteAllBytes(folder["a.ppm"], [.. "P6\n9 9\n255\n"u8]);
        File.WriteAllBytes(folder["b.ppm"], [.. "P6\n9 9\n255\n"u8]);
        Outcome outcome = Cli.RunIn(folder.Path, "eval", "raw", "--data", ".");

        Assert.Equal(1, outcome.Code);
        Assert.Empty(outcome.Output);
    }
}
