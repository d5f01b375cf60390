namespace Tacit.Data.Loading;

/// <summary>Batches of texts as tokens: of each item a crop that begins at a random place of it.</summary>
public sealed class TextLoader : Loader
{
    /// <param name="dataset">Tokens: see <see cref="TextDataset.Tokenized"/>.</param>
    /// <param name="viewCount">Crops of each item.</param>
    /// <param name="batchSize">Items of a batch.</param>
    /// <param name="seed">What the order and the crops follow from.</param>
    /// <exception cref="TacitException">The batch is larger than the data set.</exception>
    public TextLoader(TextDataset dataset, int viewCount, int batchSize, ulong seed)
        : base(dataset, batchSize, seed, new TextBuffer(dataset, viewCount, seed), new TextBuffer(dataset, viewCount, seed))
    {
        if (dataset.Tokenizer is null)
        {
            throw new InvalidOperationException("Texts are made tokens before they are loaded.");
        }
    }
}
