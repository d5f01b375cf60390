using Tacit.Data.Augment;
using Tacit.Models;

namespace Tacit.Methods;

/// <summary>The options of <see cref="Colorization"/>.</summary>
public sealed record ColorizationOptions : MethodOptions
{
    /// <summary>λ of the class rebalancing: 0 counts every colour alike however rare, 1 leaves the frequencies as they are.</summary>
    public float Rebalance { get; init; } = 0.5f;

    /// <summary>T of the annealed mean by which colours are shown: 1 is the mean, 0 the likeliest.</summary>
    public float ShownTemperature { get; init; } = 0.38f;

    /// <summary>Width of the 1×1 convolution between the encoder and the bins; the paper's conv8 has 256.</summary>
    public int Hidden { get; init; } = 256;

    /// <summary>Pictures from which the frequencies of colours are counted.</summary>
    public int CountedPictures { get; init; } = 5000;

    /// <summary>Crops and flips alone: colours are the answer.</summary>
    public AugmentationOptions Augmentation { get; init; } = AugmentationOptions.CropAndFlip with { MinScale = 0.3f };

    internal static OptionTable<ColorizationOptions> Table { get; } = new OptionTable<ColorizationOptions>()
        .Number("rebalance", o => o.Rebalance, (o, v) => o with { Rebalance = v }, Interval.Fraction)
        .Number("shown-temperature", o => o.ShownTemperature, (o, v) => o with { ShownTemperature = v }, new Interval(0, 1, OpenLow: true))
        .Whole("hidden", o => o.Hidden, (o, v) => o with { Hidden = (int)v }, new Interval(1, 1 << 16))
        .Whole("counted-pictures", o => o.CountedPictures, (o, v) => o with { CountedPictures = (int)v }, new Interval(1, 1 << 30))
        .Section("augmentation", o => o.Augmentation, (o, v) => o with { Augmentation = v }, AugmentationTable.Keys);

    public override void Validate() => Augmentation.Validate();

    public override MethodOptions FitTo(DataFit fit) =>
        BackboneFactory.Architecture(fit.Model.Name) == BackboneFactory.ResNet
            ? this
            : throw DataFit.Refusal("model.name", $"colourisation answers place by place and needs a residual network, not {fit.Model.Name}");
}
