using Tacit.Data.Augment;

namespace Tacit.Methods;

/// <summary>The options of <see cref="Nnclr"/>.</summary>
public sealed record NnclrOptions : MethodOptions
{
    /// <summary>T of the loss: solo-learn's for CIFAR-10; the paper has 0.1.</summary>
    public float Temperature { get; init; } = 0.2f;

    /// <summary>
    /// Widths of the projector's layers, batch norm after each: solo-learn's 2048, 2048 and 256 for a ResNet-18 of 512 features, in
    /// proportion to one of 128.
    /// </summary>
    public IReadOnlyList<int> Projector { get; init; } = [512, 512, 256];

    /// <summary>Width of the predictor's hidden layer, of solo-learn's 4096 in proportion; it goes back to the projector's last width.</summary>
    public int PredictorHidden { get; init; } = 1024;

    /// <summary>Features of earlier batches among which neighbours are sought: lightly's for CIFAR-10.</summary>
    public int Queue { get; init; } = 4096;

    /// <summary>Of both views, but for the second one's solarisation: solo-learn's for CIFAR-10.</summary>
    public AugmentationOptions Augmentation { get; init; } = new() { Saturation = 0.2f };

    /// <summary>How often the second view is solarised; the first one as <c>augmentation.solarize-probability</c> says.</summary>
    public float SecondSolarizeProbability { get; init; } = 0.2f;

    internal static OptionTable<NnclrOptions> Table { get; } = new OptionTable<NnclrOptions>()
        .Number("temperature", o => o.Temperature, (o, v) => o with { Temperature = v }, Interval.Temperature)
        .Wholes("projector", o => o.Projector, (o, v) => o with { Projector = v }, new Interval(1, 1 << 16))
        .Whole("predictor-hidden", o => o.PredictorHidden, (o, v) => o with { PredictorHidden = (int)v }, new Interval(1, 1 << 16))
        .Whole("queue", o => o.Queue, (o, v) => o with { Queue = (int)v }, new Interval(1, 1 << 20))
        .Number("second-solarize-probability", o => o.SecondSolarizeProbability, (o, v) => o with { SecondSolarizeProbability = v }, Interval.Fraction)
        .Section("augmentation", o => o.Augmentation, (o, v) => o with { Augmentation = v }, AugmentationTable.Keys);

    public override void Validate() => Augmentation.Validate();

    public override MethodOptions FitTo(DataFit fit) => this with { Queue = fit.Queue(Queue) };
}
