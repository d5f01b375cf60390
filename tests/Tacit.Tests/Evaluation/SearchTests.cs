using Tacit.Data;
using Tacit.Data.Augment;
using Tacit.Data.Loading;
using Tacit.Evaluation;
using Tacit.Tensors;
using Tacit.Training;

namespace Tacit.Tests.Evaluation;

public sealed class SearchTests
{
    [Fact]
    public void A_file_is_found_by_a_plain_sort_and_equal_ones_come_in_order()
    {
        using var folder = new TemporaryFolder();
        for (int i = 0; i < 40; i++)
        {
            Write(folder, $"{i:00}.ppm", i == 31 ? 7 : i);
        }

        Write(folder, "query/q.ppm", 7);
        Directory.Move(folder["query"], folder.Root + "-query");
        try
        {
            using Search search = Search.Open(Raw, folder.Root, Path.Combine(folder.Root + "-query", "q.ppm"));

            Found found = Assert.Single(search.Find(12));

            Assert.True(search.IsSingle);
            Assert.Equal(["07.ppm", "31.ppm"], found.Rows[..2].Select(r => search.Items.Names[r]));
            Assert.Equal(1, found.Similarities[0], 1e-6);
            Assert.Equal(Sorted(search, 0)[..12], found.Rows);
            Assert.Null(search.Difference);
        }
        finally
        {
            Directory.Delete(folder.Root + "-query", recursive: true);
        }
    }

    [Fact]
    public void An_item_named_is_not_found_itself()
    {
        using var folder = new TemporaryFolder();
        for (int i = 0; i < 9; i++)
        {
            Write(folder, $"{i}.ppm", i % 8);
        }

        using Search search = Search.Open(Raw, folder.Root, "0.ppm");

        Assert.Equal(8, search.Others);
        Found found = Assert.Single(search.Find(8));
        Assert.Equal(8, found.Rows[0]);         // its copy
        Assert.Equal(Enumerable.Range(1, 8), found.Rows.Order());
    }

    [Theory]
    [InlineData("x.npy")]
    [InlineData("x.safetensors")]
    [InlineData("x.csv")]
    public void Features_of_a_file_are_searched_as_the_items_would_be(string name)
    {
        using var folder = new TemporaryFolder();
        var values = Tensor.From(Hashed.Singles(50 * 6, 71), new Shape(50, 6));
        string[] names = [.. Enumerable.Range(0, 50).Select(i => $"a, \"{i}\".png")];
        switch (Path.GetExtension(name))
        {
            case ".npy":
                Npy.Write(folder[name], values);
                File.WriteAllLines(folder["x.names.txt"], names);
                break;
            case ".safetensors":
                Safetensors.Write(folder[name], [KeyValuePair.Create("features", values)], new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["names"] = System.Text.Json.JsonSerializer.Serialize(names),
                    ["encoder"] = "some",
                });
                break;
            default:
                File.WriteAllLines(folder[name], ["name,label,f0,f1,f2,f3,f4,f5", .. names.Select((n, i) =>
                    $"\"{n.Replace("\"", "\"\"", StringComparison.Ordinal)}\",{(i % 2 == 0 ? "even" : "")},{string.Join(',', values.Rows(i, 1).ToArray().Select(v => v.ToString("R", System.Globalization.CultureInfo.InvariantCulture)))}")]);
                break;
        }

        using Search search = Search.Open(_ => throw new InvalidOperationException("No encoder is needed."), folder[name], "a, \"17\".png");

        Assert.Equal(values.ToArray(), search.Items.Values.ToArray());
        Assert.Equal(Sorted(search, 0).Where(r => r != 17).Take(5), Assert.Single(search.Find(5)).Rows);
        Assert.Equal(name == "x.csv" ? ["even", null] : null, search.Items.Labels?.Take(2));
        Assert.Equal(name == "x.safetensors" ? "some" : name, search.Encoder);
    }

    [Fact]
    public void A_file_of_another_encoder_is_told_or_refused()
    {
        using var folder = new TemporaryFolder();
        Write(folder, "q.ppm", 3);
        Safetensors.Write(folder["x.safetensors"], [KeyValuePair.Create("features", Tensor.From(Hashed.Singles(4 * 48, 5), new Shape(4, 48)))], new Dictionary<string, string>(StringComparer.Ordinal) { ["encoder"] = "other" });
        Npy.Write(folder["y.npy"], Tensor.From(Hashed.Singles(4 * 7, 5), new Shape(4, 7)));

        using Search search = Search.Open(Raw, folder["x.safetensors"], folder["q.ppm"]);

        Assert.Contains("made by other, and the query's by raw", search.Difference, StringComparison.Ordinal);
        Assert.Equal(["row 0", "row 1", "row 2", "row 3"], search.Items.Names);
        Assert.Contains("7 numbers an item and raw gives 48", Refusal(folder["y.npy"], folder["q.ppm"]), StringComparison.Ordinal);
    }

    [Fact]
    public void More_answers_than_can_be_held_and_queries_that_are_not_finite_are_refused()
    {
        var bank = new SearchItems(Tensor.From(Hashed.Singles(60_000, 1), new Shape(60_000, 1)), new string[60_000], [], null);

        Assert.Contains("ask for fewer of the nearest", Assert.Throws<TacitException>(() => new Search(bank, bank, "raw", -1).Find(1000)).Message, StringComparison.Ordinal);
        SearchItems diverged = bank with { Values = Tensor.Full(new Shape(1, 1), float.NaN), Names = ["q"] };
        Assert.Contains("not finite for the query", Assert.Throws<TacitException>(() => new Search(bank, diverged, "raw", -1).Find(3)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bad_input_is_named()
    {
        using var folder = new TemporaryFolder();
        Write(folder, "data/one.ppm", 1);
        Write(folder, "data/two.ppm", 2);
        Write(folder, "data/torn.ppm", 2);
        File.WriteAllBytes(folder["data/torn.ppm"], File.ReadAllBytes(folder["data/torn.ppm"])[..20]);
        File.WriteAllText(folder["text.bin"], "neither");
        Npy.Write(folder["empty.npy"], Tensor.Lasting(new Shape(0, 4)));
        Npy.Write(folder["flat.npy"], Tensor.Lasting(new Shape(4)));
        Npy.Write(folder["short.npy"], Tensor.Lasting(new Shape(4, 2)));
        File.WriteAllText(folder["short.names.txt"], "a\nb\n");
        File.WriteAllText(folder["odd.csv"], "name,label,f0,f1\na,,1\n");
        Write(folder, "single/one.ppm", 1);

        Assert.Contains("no item of that name", Refusal(folder["data"], "tow.ppm"), StringComparison.Ordinal);
        Assert.Contains("two.ppm", Refusal(folder["data"], "tow.ppm"), StringComparison.Ordinal);
        Assert.Contains("torn.ppm cannot be decoded", Refusal(folder["data"], "torn.ppm"), StringComparison.Ordinal);
        Assert.Contains("torn.ppm", Refusal(folder["data"], folder["data/torn.ppm"]), StringComparison.Ordinal);
        Assert.Contains("text.bin", Refusal(folder["data"], folder["text.bin"]), StringComparison.Ordinal);
        Assert.Contains("holds no items", Refusal(folder["empty.npy"], folder["data/one.ppm"]), StringComparison.Ordinal);
        Assert.Contains("not a row of numbers for each item", Refusal(folder["flat.npy"], "row 0"), StringComparison.Ordinal);
        Assert.Contains("4 rows and there are 2 names", Refusal(folder["short.npy"], "a"), StringComparison.Ordinal);
        Assert.Contains("line 2, does not have 2 numbers", Refusal(folder["odd.csv"], "a"), StringComparison.Ordinal);
        Assert.Contains("the only item", Refusal(folder["single"], "one.ppm"), StringComparison.Ordinal);
    }

    private static string Refusal(string data, string query) => Assert.ThrowsAny<TacitException>(() => Search.Open(Raw, data, query)).Message;

    private static Encoder Raw(Dataset data) => Encoder.Raw(new PictureInput(4, Normalization.None));

    private static int[] Sorted(Search search, int query)
    {
        Tensor bank = search.Items.Values, queries = search.Queries.Values;
        return [.. Enumerable.Range(0, search.Items.Count).OrderByDescending(i => Cosine(bank.Rows(i, 1).ToArray(), queries.Rows(query, 1).ToArray())).ThenBy(i => i)];
    }

    private static float Cosine(float[] a, float[] b) =>
        (float)(a.Zip(b, (x, y) => (double)x * y).Sum() / Math.Sqrt(a.Sum(x => (double)x * x) * b.Sum(x => (double)x * x)));

    private static void Write(TemporaryFolder folder, string name, int salt)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder[name])!);
        File.WriteAllBytes(folder[name], [.. "P6\n4 4\n255\n"u8, .. Hashed.Doubles(48, salt).Select(v => (byte)(128 + (127 * v)))]);
    }
}
