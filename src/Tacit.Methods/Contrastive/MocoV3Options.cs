using Tacit.Data.Augment;

namespace Tacit.Methods;

/// <summary>The options of <see cref="MocoV3"/>.</summary>
public sealed record MocoV3Options : MethodOptions
{
    /// <summary>T of the loss: the paper's and solo-learn's.</summary>
    public float Temperature { get; init; } = 0.2f;

    /// <summary>
    /// Widths of the projector's layers, batch norm after each, the last without scale: solo-learn's 4096 and 256 for a ResNet-18 of
    /// 512 features, in proportion to one of 128.
    /// </summary>
    public IReadOnlyList<int> Projector { get; init; } = [1024, 256];

    /// <summary>Width of the predictor's hidden layer; it goes back to the projector's last width.</summary>
    public int PredictorHidden { get; init; } = 1024;

    /// <summary>The momentum encoder's at first and at the end of half a cosine: the paper's for 100 epochs, and solo-learn's for CIFAR-10.</summary>
    public double Momentum { get; init; } = 0.99;

    public double FinalMomentum { get; init; } = 1;

    /// <summary>Of both views, but for the second one's solarisation: solo-learn's for CIFAR-10.</summary>
    public AugmentationOptions Augmentation { get; init; } = new() { Saturation = 0.2f };

    /// <summary>How often the second view is solarised; the first one as <c>augmentation.solarize-probability</c> says.</summary>
    public float SecondSolarizeProbability { get; init; } = 0.2f;

    internal static OptionTable<MocoV3Options> Table { get; } = new OptionTable<MocoV3Options>()
        .Number("temperature", o => o.Temperature, (o, v) => o with { Temperature = v }, Interval.Temperature)
        .Wholes("projector", o => o.Projector, (o, v) => o with { Projector = v }, new Interval(1, 1 << 16))
        .Whole("predictor-hidden", o => o.PredictorHidden, (o, v) => o with { PredictorHidden = (int)v }, new Interval(1, 1 << 16))
        .Real("momentum", o => o.Momentum, (o, v) => o with { Momentum = v }, Interval.Fraction)
        .Real("final-momentum", o => o.FinalMomentum, (o, v) => o with { FinalMomentum = v }, Interval.Fraction)
        .Number("second-solarize-probability", o => o.SecondSolarizeProbability, (o, v) => o with { SecondSolarizeProbability = v }, Interval.Fraction)
        .Section("augmentation", o => o.Augmentation, (o, v) => o with { Augmentation = v }, AugmentationTable.Keys);

    public override void Validate() => Augmentation.Validate();
}
