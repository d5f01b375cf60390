using Tacit.Data.Augment;

namespace Tacit.Methods;

/// <summary>The options of <see cref="Mae"/>; the mask, the targets and the augmentation are the paper's, the decoder is small as the encoder is.</summary>
public sealed record MaeOptions : MethodOptions
{
    /// <summary>The share of patches that is hidden.</summary>
    public double MaskRatio { get; init; } = 0.75;

    /// <summary>Whether each target patch is normalised by its own mean and deviation.</summary>
    public bool NormPix { get; init; } = true;

    /// <summary>Width of the decoder (the paper: 512, beside an encoder of 1024).</summary>
    public int DecoderDim { get; init; } = 96;

    /// <summary>Blocks of the decoder (the paper: 8, beside an encoder of 24).</summary>
    public int DecoderDepth { get; init; } = 2;

    /// <summary>Attention heads of the decoder.</summary>
    public int DecoderHeads { get; init; } = 3;

    /// <summary>Crop and flip alone.</summary>
    public AugmentationOptions Augmentation { get; init; } = AugmentationOptions.CropAndFlip with { MinScale = 0.2f, Interpolation = Interpolation.Bicubic };

    internal static OptionTable<MaeOptions> Table { get; } = new OptionTable<MaeOptions>()
        .Real("mask-ratio", o => o.MaskRatio, (o, v) => o with { MaskRatio = v }, Interval.Fraction)
        .Flag("norm-pix", o => o.NormPix, (o, v) => o with { NormPix = v })
        .Whole("decoder-dim", o => o.DecoderDim, (o, v) => o with { DecoderDim = (int)v }, new Interval(4, 1 << 14))
        .Whole("decoder-depth", o => o.DecoderDepth, (o, v) => o with { DecoderDepth = (int)v }, new Interval(1, 64))
        .Whole("decoder-heads", o => o.DecoderHeads, (o, v) => o with { DecoderHeads = (int)v }, new Interval(1, 256))
        .Section("augmentation", o => o.Augmentation, (o, v) => o with { Augmentation = v }, AugmentationTable.Keys);

    public override void Validate()
    {
        Augmentation.Validate();
        if (DecoderDim % 4 != 0 || DecoderDim % DecoderHeads != 0)
        {
            throw new TacitException($"method.decoder-dim: {DecoderDim} must be a multiple of 4, for its positions, and of its {DecoderHeads} heads (method.decoder-heads).");
        }
    }

    public override MethodOptions FitTo(DataFit fit)
    {
        MaskedPatches.Refuse(fit, "mae", 1, MaskRatio);
        return this;
    }
}
