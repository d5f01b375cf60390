using Tacit.Data.Augment;

namespace Tacit.Methods;

/// <summary>The options of <see cref="SimClr"/>.</summary>
public sealed record SimClrOptions : MethodOptions
{
    /// <summary>T of the loss; 0.2 is solo-learn's for CIFAR-10, where the paper's appendix B.9 has 0.5.</summary>
    public float Temperature { get; init; } = 0.2f;

    /// <summary>Widths of the projector's layers, ReLU between them: solo-learn's for CIFAR-10.</summary>
    public IReadOnlyList<int> Projector { get; init; } = [2048, 256];

    /// <summary>Batch norm after every layer of the projector, as the authors' code and lightly have it; solo-learn has none.</summary>
    public bool ProjectorNorm { get; init; }

    /// <summary>Which other views of the batch a view is told from, and how much each counts.</summary>
    public NegativeOptions Negatives { get; init; } = new();

    /// <summary>Of both views.</summary>
    public AugmentationOptions Augmentation { get; init; } = new();

    internal static OptionTable<SimClrOptions> Table { get; } = new OptionTable<SimClrOptions>()
        .Number("temperature", o => o.Temperature, (o, v) => o with { Temperature = v }, Interval.Temperature)
        .Wholes("projector", o => o.Projector, (o, v) => o with { Projector = v }, new Interval(1, 1 << 16))
        .Flag("projector-norm", o => o.ProjectorNorm, (o, v) => o with { ProjectorNorm = v })
        .Section("negatives", o => o.Negatives, (o, v) => o with { Negatives = v }, NegativeOptions.Table)
        .Section("augmentation", o => o.Augmentation, (o, v) => o with { Augmentation = v }, AugmentationTable.Keys);

    public override void Validate()
    {
        Negatives.Validate();
        Augmentation.Validate();
    }
}
