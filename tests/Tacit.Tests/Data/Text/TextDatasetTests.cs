using System.Formats.Tar;
using Tacit.Data;
using Tacit.Data.Loading;
using Tacit.Data.Text;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Data.Text;

public sealed class TextDatasetTests : IDisposable
{
    private static readonly BytePairTokenizer Letters = new([]);       // bytes alone

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Text_is_recognised_where_there_is_nothing_else()
    {
        Write("flat/b.txt", "second");
        Write("flat/a.txt", "first");
        Write("flat/README.txt", "not data");
        Write("flat/program.py", "not text");
        Write("classes/x/1.txt", "one");
        Write("classes/y/2.txt", "two");
        Write("rows.tsv", "label\ttext\nyes\tgood news\nno\tbad news\nno\t\n");
        Write("paths/list.csv", "path,label\na.txt,7\n");
        Write("paths/a.txt", "seven");
        TarFile.CreateFromDirectory(folder["classes"], folder["classes.tar"], includeBaseDirectory: false);

        Assert.Equal(("texts", 2, "a.txt", 1, 0), Look("flat"));
        Assert.Equal(("texts", 1, "a.txt", 0, 0), Look("flat/a.txt"));
        Assert.Equal(("class folders", 2, "x/1.txt", 0, 2), Look("classes"));
        Assert.Equal(("class folders", 2, "x/1.txt", 0, 2), Look("classes.tar"));
        Assert.Equal(("manifest", 2, "rows.tsv, row 2", 0, 2), Look("rows.tsv"));
        Assert.Equal(("manifest", 1, "a.txt", 0, 1), Look("paths"));
        Assert.Equal(("manifest", 1, "a.txt", 0, 1), Look("paths/list.csv"));
        using Dataset rows = Dataset.Open(folder["rows.tsv"]);
        Assert.Equal(["no", "yes"], rows.Classes);
        Assert.Equal([1, 0], rows.Labels!);
        Assert.Equal("rows.tsv, row 4", Assert.Single(rows.Broken).Name);

        (string, int, string, int, int) Look(string path)
        {
            using Dataset data = Dataset.Open(folder[path]);
            Assert.Equal(("text", "texts"), (data.Modality, data.Word));
            return (data.Form, data.Count, data.Names[0], data.Ignored, data.Classes.Count);
        }
    }

    [Fact]
    public void A_note_beside_pictures_is_no_text()
    {
        Write("pictures/notes.txt", "about the pictures");
        File.WriteAllBytes(folder["pictures/a.ppm"], [.. "P6\n1 1\n255\n"u8, 1, 2, 3]);

        using Dataset data = Dataset.Open(folder["pictures"]);
        Assert.Equal("image", data.Modality);
    }

    [Fact]
    public void What_cannot_be_used_is_said()
    {
        Write("zeros/a.txt", "a\0b");
        Assert.Contains("None of the texts", Assert.Throws<TacitException>(() => Dataset.Open(folder["zeros"])).Message, StringComparison.Ordinal);
        using var empty = TextDataset.Of("empty", ["", ""]);
        Assert.Contains("are empty", Assert.Throws<TacitException>(() => empty.Tokenized(Letters, 4)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_document_becomes_windows_and_loses_nothing()
    {
        using var data = TextDataset.Of("two", ["abcdefghij", "xyzuv", "q"]);
        TextDataset windows = data.Tokenized(Letters, 4);

        Assert.Equal(["abcd", "efgh", "ij", "xyzu", "q"], Enumerable.Range(0, windows.Count).Select(i => Letters.Text(windows.Tokens(i))));
        Assert.Equal("00000[4:8]", windows.Names[1]);
        Assert.NotEqual(windows.Fingerprint, TextDataset.Of("two", ["abcdefghik", "xyzuv", "q"]).Tokenized(Letters, 4).Fingerprint);
    }

    [Fact]
    public void What_has_labels_stays_whole()
    {
        using var data = TextDataset.Of("two", ["abcdefghij", "xyz"], [1, 0]);
        TextDataset texts = data.Tokenized(Letters, 4);

        Assert.Equal((2, 10, 3), (texts.Count, texts.Tokens(0).Length, texts.Tokens(1).Length));
        Assert.Equal([1, 0], texts.Labels!);
        Batch batch = Assert.Single(new TextInput(Letters, 4).Batches(texts, 8));
        Assert.Equal("abcdxyz", Letters.Text([.. batch.Views.ToArray().Select(t => (int)t).Where(t => t != Letters.Pad)]));
        Assert.Equal([4, 3], batch.Lengths!);
        Batch same = Assert.Single(new TextInput(Letters, 4).Batches(data, 8));
        Assert.Equal(batch.Views.ToArray(), same.Views.ToArray());
    }

    [Fact]
    public void Crops_are_pieces_of_the_text_and_a_function_of_the_step()
    {
        const string Alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
        TextDataset texts = TextDataset.Of("alphabet", [Alphabet]).Tokenized(Letters, 8);
        using var loader = new TextLoader(texts, 2, 4, seed: 5);
        using var other = new TextLoader(texts, 2, 4, seed: 5);
        var starts = new HashSet<int>();
        for (int step = 0; step < 20; step++)
        {
            Batch batch = loader.At(step);
            Assert.Equal(8, batch.Views.Shape[0]);
            for (int row = 0; row < 8; row++)
            {
                string crop = Letters.Text([.. batch.Views.Rows(row, 1).ToArray()[..batch.Lengths![row]].Select(t => (int)t)]);
                Assert.Contains(crop, Alphabet, StringComparison.Ordinal);
                starts.Add(Alphabet.IndexOf(crop, StringComparison.Ordinal) % 8);
            }
        }

        Assert.Equal(8, starts.Count);
        float[] seventh = other.At(7).Views.ToArray();
        Assert.Equal(loader.At(7).Views.ToArray(), seventh);
    }

    private void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder[name])!);
        File.WriteAllText(folder[name], text);
    }
}
