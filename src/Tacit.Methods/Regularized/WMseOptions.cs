using Tacit.Data.Augment;

namespace Tacit.Methods;

/// <summary>The options of <see cref="WMse"/>; defaults are the authors' for CIFAR-10.</summary>
public sealed record WMseOptions : MethodOptions
{
    /// <summary>Pictures whose embeddings are whitened together; at least twice the width of the embedding is what the paper advises.</summary>
    public int SubBatch { get; init; } = 128;

    /// <summary>Share of the identity in the covariance: above 0 whatever comes can be whitened, though no longer quite.</summary>
    public float Epsilon { get; init; }

    /// <summary>Widths of the projector's layers, batch norm and ReLU between them.</summary>
    public IReadOnlyList<int> Projector { get; init; } = [1024, 64];

    /// <summary>Of both views.</summary>
    public AugmentationOptions Augmentation { get; init; } = new() { MinScale = 0.2f, GreyProbability = 0.1f };

    internal static OptionTable<WMseOptions> Table { get; } = new OptionTable<WMseOptions>()
        .Whole("sub-batch", o => o.SubBatch, (o, v) => o with { SubBatch = (int)v }, new Interval(2, 1 << 16))
        .Number("epsilon", o => o.Epsilon, (o, v) => o with { Epsilon = v }, Interval.BelowOne)
        .Wholes("projector", o => o.Projector, (o, v) => o with { Projector = v }, new Interval(1, 1 << 14))
        .Section("augmentation", o => o.Augmentation, (o, v) => o with { Augmentation = v }, AugmentationTable.Keys);

    public override void Validate() => Augmentation.Validate();

    /// <summary>Sub-batches fit into a batch, and embeddings are narrower than sub-batches have pictures.</summary>
    public override MethodOptions FitTo(DataFit fit)
    {
        fit.RefuseBatchOfOne("a batch of one picture has no variance and no covariance");
        int subBatch = fit.AtMost("method.sub-batch", SubBatch, fit.BatchSize, $"a batch has {fit.BatchSize} pictures");
        int width = Projector[^1];
        if (Epsilon == 0 && width >= subBatch)
        {
            string why = $"{subBatch} pictures, which are whitened together, vary in at most {subBatch - 1} dimensions";
            if (fit.Given("method.projector"))
            {
                throw DataFit.Refusal("method.projector", $"an embedding of {width} numbers cannot work because {why}; give at most {subBatch - 1} for the last width, more pictures (method.sub-batch), or method.epsilon");
            }

            fit.Note($"method.projector ends with {subBatch / 2} instead of {width} because {why}.");
            width = subBatch / 2;
        }

        return this with { SubBatch = subBatch, Projector = [.. Projector.Take(Projector.Count - 1), width] };
    }
}
