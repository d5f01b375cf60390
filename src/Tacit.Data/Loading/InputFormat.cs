using Tacit.Data.Augment;

namespace Tacit.Data.Loading;

/// <summary>How items are shown to an encoder that is judged or used: a pure function of the item.</summary>
public abstract record InputFormat
{
    /// <summary>What it is of: <c>image</c>, <c>speech</c> or <c>text</c>.</summary>
    public abstract string Modality { get; }

    /// <summary>
    /// Every item once, in index order. A broken item is left out (the data set then names it), and the last batch may be smaller.
    /// </summary>
    /// <param name="dataset">Of this modality.</param>
    /// <param name="batchSize">Items per batch at most.</param>
    /// <param name="items">Only these, in this order; null for all.</param>
    /// <returns>Batches whose tensor is good until the next one is asked for.</returns>
    /// <exception cref="TacitException">The data set is of another modality, or none of its items can be decoded.</exception>
    public abstract IEnumerable<Batch> Batches(Dataset dataset, int batchSize, int[]? items = null);

    /// <summary>The data set as what the format takes.</summary>
    /// <exception cref="TacitException">It is something else.</exception>
    protected T Of<T>(Dataset dataset)
        where T : Dataset =>
        dataset as T ?? throw new TacitException($"The encoder takes {Needs}, and '{dataset.Path}' holds {dataset.Word}.");

    private string Needs => Modality switch { "image" => "pictures", "speech" => "recordings", _ => "text" };
}

/// <summary>Pictures as <see cref="ViewPlan.Single"/> shows them.</summary>
/// <param name="Size">Side in pixels.</param>
/// <param name="Normalization">Applied to every level.</param>
public sealed record PictureInput(int Size, Normalization Normalization) : InputFormat
{
    public override string Modality => "image";

    public override IEnumerable<Batch> Batches(Dataset dataset, int batchSize, int[]? items = null) =>
        EvaluationBatches.Of(Of<PictureDataset>(dataset), Size, Normalization, batchSize, items);
}
