using Tacit.Data.Augment;

namespace Tacit.Methods;

/// <summary>The options of <see cref="RotNet"/>.</summary>
public sealed record RotNetOptions : MethodOptions
{
    /// <summary>Of each picture before it is turned: large crops and flips. Small crops show too little to tell what is up.</summary>
    public AugmentationOptions Augmentation { get; init; } = AugmentationOptions.CropAndFlip with { MinScale = 0.5f };

    internal static OptionTable<RotNetOptions> Table { get; } = new OptionTable<RotNetOptions>()
        .Section("augmentation", o => o.Augmentation, (o, v) => o with { Augmentation = v }, AugmentationTable.Keys);

    public override void Validate() => Augmentation.Validate();
}
