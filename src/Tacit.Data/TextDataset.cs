using System.Text;
using Tacit.Data.Files;
using Tacit.Data.Forms;
using Tacit.Data.Text;

namespace Tacit.Data;

/// <summary>
/// Texts with names and, where the data says so, labels. As opened each is a document; <see cref="Tokenized"/> makes them sequences of
/// tokens to learn from.
/// </summary>
public sealed class TextDataset : Dataset
{
    private readonly Func<int, byte[]> read;
    private readonly long[] lengths;
    private readonly int[][] tokens = [];
    private readonly (int Document, int Start, int Count)[] places = [];

    private TextDataset(string path, FileSet? files, ItemList list, Func<int, byte[]> read, long[] lengths) : base(path, files, list) =>
        (this.read, this.lengths) = (read, lengths);

    private TextDataset(TextDataset whole, BytePairTokenizer tokenizer, int length, ItemList list, int[][] tokens, (int Document, int Start, int Count)[] places)
        : this(whole.Path, null, list, _ => [], [])
    {
        (Tokenizer, Length) = (tokenizer, length);
        (this.tokens, this.places) = (tokens, places);
    }

    public override string Modality => "text";

    public override string Word => "texts";

    /// <summary>What made the items tokens; null where they are documents still.</summary>
    public BytePairTokenizer? Tokenizer { get; }

    /// <summary>Tokens of an item at most; 0 where they are documents still.</summary>
    public int Length { get; }

    /// <summary>
    /// Opens a .txt file, a folder or .tar of them, class folders of them, or a manifest with a <c>text</c> column or with paths of .txt files.
    /// </summary>
    /// <exception cref="TacitException">Nothing is there, or nothing in it can be used; the message says what to do.</exception>
    public static TextDataset Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Opened(path, Of);
    }

    /// <summary>The texts of an open set, which is the data set's from then on.</summary>
    internal static TextDataset Of(FileSet files)
    {
        var (list, read, lengths) = TextForm.Open(files)
            ?? throw new TacitException($"{files.Path} holds no text: give a .txt file, a folder or .tar of .txt files, or a manifest with a text column.");
        return list.Names.Length > 0
            ? new TextDataset(files.Path, files, list, read, lengths)
            : throw new TacitException($"None of the texts in {files.Path} can be used{(list.Broken.Count > 0 ? $"; the first is {list.Broken[0].Name}: {list.Broken[0].Reason}" : ": there is none in it.")}");
    }

    /// <summary>A data set of texts that are already in memory.</summary>
    /// <param name="name">What errors call it.</param>
    /// <param name="texts">The documents.</param>
    /// <param name="labels">One class number per text, or null.</param>
    /// <param name="classes">The classes' names; their numbers where not given.</param>
    public static TextDataset Of(string name, IReadOnlyList<string> texts, int[]? labels = null, IReadOnlyList<string>? classes = null)
    {
        ArgumentNullException.ThrowIfNull(texts);
        byte[][] bytes = [.. texts.Select(Encoding.UTF8.GetBytes)];
        var list = new ItemList
        {
            Form = "texts in memory",
            Names = [.. Enumerable.Range(0, bytes.Length).Select(i => $"{i:D5}")],
            Labels = labels,
            Classes = classes is not null ? [.. classes] : labels is null ? [] : [.. Enumerable.Range(0, labels.Max() + 1).Select(i => $"{i}")],
        };
        return new TextDataset(name, null, list, item => bytes[item], [.. bytes.Select(b => (long)b.Length)]);
    }

    /// <summary>A document's bytes, or the bytes of an item's tokens; null where the file cannot be read, which <see cref="Dataset.Broken"/> then names.</summary>
    public byte[]? TryRead(int item) => Tokenizer is null ? Try(item, read) : Tokenizer.Decode(Tokens(item));

    /// <summary>An item's tokens.</summary>
    /// <exception cref="InvalidOperationException">The items are documents still.</exception>
    public ReadOnlySpan<int> Tokens(int item)
    {
        (int document, int start, int count) = Tokenizer is null ? throw new InvalidOperationException("The texts are documents and not tokens yet.") : places[item];
        return tokens[document].AsSpan(start, count);
    }

    /// <summary>The documents, as a tokeniser is trained on: those that can be read, in their order.</summary>
    public IEnumerable<byte[]> Documents()
    {
        for (int item = 0; item < Count; item++)
        {
            if (TryRead(item) is { } bytes)
            {
                yield return bytes;
            }
        }
    }

    /// <summary>
    /// The same texts as tokens. What has labels keeps its items, each a text; what has none becomes one item for every so many tokens of a
    /// document, the last of which may be shorter.
    /// </summary>
    /// <param name="tokenizer">Makes text tokens.</param>
    /// <param name="length">Tokens of an item that are shown at once.</param>
    /// <exception cref="TacitException">None of the texts can be read, or all are empty.</exception>
    public TextDataset Tokenized(BytePairTokenizer tokenizer, int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 2);
        int[][] encoded = [.. Enumerable.Range(0, Count).Select(i => TryRead(i) is { } bytes ? tokenizer.Encode(bytes) : [])];
        var parts = new List<(int Document, int Start, int Count)>();
        for (int d = 0; d < encoded.Length; d++)
        {
            int all = encoded[d].Length, each = Labels is null ? length : all;
            for (int start = 0; start < all; start += each)
            {
                // One token alone has nothing around it to be told from.
                int count = Math.Min(each, all - start);
                if (count > 1 || all == 1)
                {
                    parts.Add((d, start, count));
                }
            }
        }

        if (parts.Count == 0)
        {
            throw Broken.Count > 0 ? AllBroken() : new TacitException($"The texts in {Path} are empty.");
        }

        var list = new ItemList
        {
            Form = Form,
            Names = [.. parts.Select(p => p.Count == encoded[p.Document].Length ? Names[p.Document] : $"{Names[p.Document]}[{p.Start}:{p.Start + p.Count}]")],
            Labels = Labels is { } labels ? [.. parts.Select(p => labels[p.Document])] : null,
            Classes = [.. Classes],
            Broken = [.. Broken],
            Warnings = [.. Warnings],
            Ignored = Ignored,
        };
        return new TextDataset(this, tokenizer, length, list, encoded, [.. parts]);
    }

    /// <exception cref="InvalidOperationException">The items are tokens already.</exception>
    public override Dataset Only(int[] items) => Tokenizer is null
        ? new TextDataset(Path, null, Chosen(items), item => read(items[item]), Array.ConvertAll(items, i => lengths[i]))
        : throw new InvalidOperationException("Texts are chosen before they are made tokens.");

    /// <summary>How many places there are at which a crop of the item may begin: its own tokens, as far as a whole crop still fits into the document.</summary>
    internal int Starts(int item)
    {
        (int document, int start, int count) = places[item];
        int last = Labels is null ? Math.Min(start + count - 1, Math.Max(start, tokens[document].Length - Length)) : start + Math.Max(0, count - Length);
        return last - start + 1;
    }

    /// <summary>At most <see cref="Length"/> tokens from a place of an item on; they may reach into the document's next item.</summary>
    internal ReadOnlySpan<int> Crop(int item, int start)
    {
        (int document, int first, _) = places[item];
        ReadOnlySpan<int> rest = tokens[document].AsSpan(first + start);
        return rest[..Math.Min(Length, rest.Length)];
    }

    private protected override long Size(int item)
    {
        if (Tokenizer is null)
        {
            return lengths[item];
        }

        // FNV-1a of the tokens: text is small enough to be told by what it says.
        ulong hash = 14695981039346656037;
        foreach (int token in Tokens(item))
        {
            hash = (hash ^ (uint)token) * 1099511628211;
        }

        return (long)(hash >> 1);
    }
}
