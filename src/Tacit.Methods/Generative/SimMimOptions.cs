using Tacit.Data.Augment;

namespace Tacit.Methods;

/// <summary>The options of <see cref="SimMim"/>; defaults are the paper's, the masked squares in proportion to small pictures.</summary>
public sealed record SimMimOptions : MethodOptions
{
    /// <summary>The share of squares that is hidden.</summary>
    public double MaskRatio { get; init; } = 0.6;

    /// <summary>Side of a hidden square in patches; the paper hides squares of 32 pixels, a sixth of its pictures, of two patches of a ViT-B/16.</summary>
    public int MaskBlock { get; init; } = 2;

    /// <summary>Crop and flip alone (the paper: scale 0.67 to 1).</summary>
    public AugmentationOptions Augmentation { get; init; } = AugmentationOptions.CropAndFlip with { MinScale = 0.67f };

    internal static OptionTable<SimMimOptions> Table { get; } = new OptionTable<SimMimOptions>()
        .Real("mask-ratio", o => o.MaskRatio, (o, v) => o with { MaskRatio = v }, Interval.Fraction)
        .Whole("mask-block", o => o.MaskBlock, (o, v) => o with { MaskBlock = (int)v }, new Interval(1, 64))
        .Section("augmentation", o => o.Augmentation, (o, v) => o with { Augmentation = v }, AugmentationTable.Keys);

    public override void Validate() => Augmentation.Validate();

    /// <summary>Squares divide pictures of every side; where the default ones do not, single patches are hidden.</summary>
    public override MethodOptions FitTo(DataFit fit)
    {
        int patch = Math.Max(1, fit.Model.PatchSize), block = MaskBlock;
        if (fit.Model.Name == Models.BackboneFactory.Vit && fit.Side / patch >= 2
            && fit.Sides.Where(side => side / patch % block != 0 || side / patch / block < 2).Order().ToArray() is [int side, ..])
        {
            string why = $"a picture of {side} pixels is {side / patch} patches across, which are not two or more squares of {block}";
            if (fit.Given("method.mask-block"))
            {
                throw DataFit.Refusal("method.mask-block", $"{block} cannot work because {why}");
            }

            fit.Note($"method.mask-block is 1 instead of {block} because {why}.");
            block = 1;
        }

        MaskedPatches.Refuse(fit, "simmim", block, MaskRatio);
        return this with { MaskBlock = block };
    }
}
