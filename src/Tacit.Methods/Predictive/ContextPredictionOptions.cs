using Tacit.Data.Augment;

namespace Tacit.Methods;

/// <summary>The options of <see cref="ContextPrediction"/>.</summary>
public sealed record ContextPredictionOptions : MethodOptions
{
    /// <summary>
    /// Side in pixels of a patch as the encoder sees it; null for that of the patch as cut out, but at least 12. In a picture
    /// of 32 pixels patches are cut out at 7, in one of 64 at 15, in one of 400 at 98, about the paper's 96.
    /// </summary>
    public int? PatchSize { get; init; }

    /// <summary>What is done against the telling colours of lenses; the paper tried both and reports no difference.</summary>
    public ColourGuard ColourGuard { get; init; } = ColourGuard.Drop;

    /// <summary>Width of the layer that sees both patches; the paper's fc8 and fc9 have 4096.</summary>
    public int Hidden { get; init; } = 512;

    /// <summary>Of the picture before it is cut: large crops and flips, which leave the neighbours where they are.</summary>
    public AugmentationOptions Augmentation { get; init; } = AugmentationOptions.CropAndFlip with { MinScale = 0.5f };

    internal static OptionTable<ContextPredictionOptions> Table { get; } = new OptionTable<ContextPredictionOptions>()
        .WholeOrAuto("patch-size", o => o.PatchSize, (o, v) => o with { PatchSize = (int?)v }, new Interval(4, 1024))
        .Choice("colour-guard", o => o.ColourGuard, (o, v) => o with { ColourGuard = v }, ("none", ColourGuard.None), ("drop", ColourGuard.Drop), ("project", ColourGuard.Project))
        .Whole("hidden", o => o.Hidden, (o, v) => o with { Hidden = (int)v }, new Interval(1, 1 << 16))
        .Section("augmentation", o => o.Augmentation, (o, v) => o with { Augmentation = v }, AugmentationTable.Keys);

    public override void Validate() => Augmentation.Validate();

    public override MethodOptions FitTo(DataFit fit)
    {
        Windows.RequireWhole(fit, "method.patch-size", PatchSize);
        return fit.Side >= PatchGrid.SmallestSide
            ? this
            : throw DataFit.Refusal("data.size", $"a picture of {fit.Side} pixels is too small for a 3×3 grid of patches with gaps; give at least {PatchGrid.SmallestSide}");
    }
}
