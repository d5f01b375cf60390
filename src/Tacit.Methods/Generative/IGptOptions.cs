using Tacit.Data.Augment;

namespace Tacit.Methods;

/// <summary>What iGPT learns to tell.</summary>
public enum PixelObjective
{
    /// <summary>Each pixel's colour from those before it, in raster order.</summary>
    Next,

    /// <summary>The colours of masked pixels from all others.</summary>
    Masked,
}

/// <summary>The options of <see cref="IGpt"/>.</summary>
public sealed record IGptOptions : MethodOptions
{
    /// <summary>Autoregressive, or as BERT.</summary>
    public PixelObjective Objective { get; init; } = PixelObjective.Next;

    /// <summary>Of the masked objective: the share of pixels that is hidden.</summary>
    public double MaskRatio { get; init; } = 0.15;

    /// <summary>Crop and flip alone; crops stay near the whole picture, whose composition is what is to be learned.</summary>
    public AugmentationOptions Augmentation { get; init; } = AugmentationOptions.CropAndFlip with { MinScale = 0.6f };

    internal static OptionTable<IGptOptions> Table { get; } = new OptionTable<IGptOptions>()
        .Choice("objective", o => o.Objective, (o, v) => o with { Objective = v }, ("next", PixelObjective.Next), ("masked", PixelObjective.Masked))
        .Real("mask-ratio", o => o.MaskRatio, (o, v) => o with { MaskRatio = v }, Interval.Fraction)
        .Section("augmentation", o => o.Augmentation, (o, v) => o with { Augmentation = v }, AugmentationTable.Keys);

    public override void Validate() => Augmentation.Validate();

    public override MethodOptions FitTo(DataFit fit)
    {
        if (fit.Model.Name != Models.BackboneFactory.PixelTransformer)
        {
            throw DataFit.Refusal("model.name", $"igpt tells a picture pixel by pixel, which {fit.Model.Name} cannot; it works with {Models.BackboneFactory.PixelTransformer}");
        }

        if (fit.Side != fit.Model.Side)
        {
            throw DataFit.Refusal("data.size", $"views of {fit.Side} pixels do not fit the model, whose sequences are pictures of {fit.Model.Side} (model.side); give both the same");
        }

        long seen = PaletteStage.Pixels(fit.Items, fit.Side);
        if (fit.Model.Colours > seen)
        {
            throw DataFit.Refusal("model.colours", $"a palette of {fit.Model.Colours} colours cannot be found among {seen} pixels; give at most {seen}");
        }

        if (Objective == PixelObjective.Masked)
        {
            MaskedPatches.RefuseRatio(fit.Side * fit.Side, MaskRatio);
        }

        return this;
    }
}
