using Tacit.Tensors;

namespace Tacit.Data.Loading;

/// <summary>A batch of texts in the making.</summary>
internal sealed class TextBuffer(TextDataset dataset, int viewCount, ulong seed) : BatchBuffer
{
    private const int Multiple = 8;

    private static readonly ulong Stream = Philox.Hash("text view");

    private Tensor? views;
    private int[] lengths = [], starts = [];

    /// <summary>Widths of batches are rounded up, so that they come in few kinds.</summary>
    public static int Rounded(int length, int most) => Math.Min(most, (length + Multiple - 1) / Multiple * Multiple);

    /// <summary>Tokens as whole numbers, filled up to the row's end.</summary>
    public static void Write(ReadOnlySpan<int> tokens, int pad, Span<float> row)
    {
        for (int i = 0; i < row.Length; i++)
        {
            row[i] = i < tokens.Length ? tokens[i] : pad;
        }
    }

    protected override void Prepare(int length)
    {
        int longest = 0;
        foreach (int item in Place.Order.AsSpan(Place.First, length))
        {
            longest = Math.Max(longest, dataset.Crop(item, 0).Length);
        }

        var shape = new Shape(length * viewCount, Rounded(longest, dataset.Length));
        if (views is null || views.Shape != shape)
        {
            views = Tensor.Lasting(shape);
        }

        lengths = new int[shape[0]];
        starts = new int[shape[0]];
    }

    protected override int Make(int place)
    {
        int item = Place.Order[Place.First + place];
        for (int view = 0; view < viewCount; view++)
        {
            int row = (view * Items.Length) + place;
            var random = new RandomSequence(seed, Philox.Mix(Philox.Mix(Stream, (ulong)item), (ulong)view), Epoch);
            starts[row] = random.NextInt(dataset.Starts(item));
            ReadOnlySpan<int> crop = dataset.Crop(item, starts[row]);
            lengths[row] = crop.Length;
            Write(crop, dataset.Tokenizer!.Pad, views!.Rows(row, 1).Span);
        }

        return item;
    }

    protected override Batch Compose() => new(views!, viewCount, Items, dataset.Labels is { } all ? Array.ConvertAll(Items, i => all[i]) : null)
    {
        Lengths = lengths,
        Starts = starts,
        TokenBytes = dataset.Tokenizer!.TokenBytes,
    };
}
