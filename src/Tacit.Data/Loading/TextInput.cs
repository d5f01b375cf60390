using Tacit.Data.Text;
using Tacit.Tensors;

namespace Tacit.Data.Loading;

/// <summary>Texts as an encoder of tokens takes them: the beginning of each, with lengths, the shorter ones of a batch padded.</summary>
/// <param name="Tokenizer">Makes text tokens.</param>
/// <param name="Length">Tokens at most; what is longer is judged by its beginning.</param>
public sealed record TextInput(BytePairTokenizer Tokenizer, int Length) : InputFormat
{
    public override string Modality => "text";

    public override IEnumerable<Batch> Batches(Dataset dataset, int batchSize, int[]? items = null)
    {
        TextDataset texts = Of<TextDataset>(dataset);
        return Enumerate(texts, batchSize, items ?? [.. Enumerable.Range(0, texts.Count)]);
    }

    private IEnumerable<Batch> Enumerate(TextDataset texts, int batchSize, int[] items)
    {
        bool any = false;
        foreach (int[] chosen in items.Chunk(batchSize))
        {
            int[][] tokens = [.. chosen.Select(i => Tokens(texts, i))];
            int[] usable = [.. Enumerable.Range(0, chosen.Length).Where(i => tokens[i].Length > 0)];
            if (usable.Length == 0)
            {
                continue;
            }

            any = true;
            int[] shown = [.. usable.Select(i => chosen[i])], lengths = [.. usable.Select(i => tokens[i].Length)];
            Tensor views = Tensor.Lasting(new Shape(usable.Length, TextBuffer.Rounded(lengths.Max(), Length)));
            for (int row = 0; row < usable.Length; row++)
            {
                TextBuffer.Write(tokens[usable[row]], Tokenizer.Pad, views.Rows(row, 1).Span);
            }

            yield return new Batch(views, 1, shown, texts.Labels is { } all ? Array.ConvertAll(shown, i => all[i]) : null)
            {
                Lengths = lengths,
                Starts = new int[shown.Length],
                TokenBytes = Tokenizer.TokenBytes,
            };
        }

        if (!any && items.Length > 0)
        {
            throw texts.Broken.Count > 0 ? texts.AllBroken() : new TacitException($"The texts in {texts.Path} are empty.");
        }
    }

    /// <summary>An item's first tokens; none where it cannot be read or is empty.</summary>
    private int[] Tokens(TextDataset texts, int item)
    {
        if (texts.Tokenizer == Tokenizer)
        {
            ReadOnlySpan<int> all = texts.Tokens(item);
            return all[..Math.Min(Length, all.Length)].ToArray();
        }

        return texts.TryRead(item) is { } bytes ? Tokenizer.Encode(bytes, Length) : [];
    }
}
