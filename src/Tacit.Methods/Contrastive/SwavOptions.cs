using Tacit.Data.Augment;
using Tacit.Data.Loading;

namespace Tacit.Methods;

/// <summary>The options of <see cref="Swav"/>.</summary>
public sealed record SwavOptions : MethodOptions
{
    /// <summary>T of the prediction: the paper's.</summary>
    public float Temperature { get; init; } = 0.1f;

    /// <summary>
    /// ε of the Sinkhorn assignment, and its iterations. The paper's 0.05 is for batches of thousands; with 128 pictures it was seen to
    /// end where all scores are alike and the loss is ln K, which 0.03 keeps away from.
    /// </summary>
    public double Epsilon { get; init; } = 0.03;

    public int Iterations { get; init; } = 3;

    /// <summary>K: lightly's for CIFAR-10; solo-learn and the paper have 3,000.</summary>
    public int Prototypes { get; init; } = 512;

    /// <summary>How long the prototypes stay as they began: below 1 a share of the run (solo-learn: 2 epochs of 1,000), otherwise steps.</summary>
    public double FreezePrototypes { get; init; } = 0.002;

    /// <summary>Widths of the projector's layers, batch norm between them: lightly's for CIFAR-10.</summary>
    public IReadOnlyList<int> Projector { get; init; } = [512, 128];

    /// <summary>Earlier features of each view that are assigned together with the batch; 0 for none. solo-learn's 3,840 are 15 batches; two cores are kinder with 4.</summary>
    public int Queue { get; init; } = 1024;

    /// <summary>
    /// The share of the run after which the queue is filled. solo-learn begins at epoch 50 of 1,000; a run of a few epochs must wait
    /// longer until features of some steps ago are still like those of now.
    /// </summary>
    public double QueueFrom { get; init; } = 0.3;

    /// <summary>Smaller crops that predict and are not predicted; solo-learn's multi-crop has 6 of 18 beside two of 32 pixels.</summary>
    public int LocalCrops { get; init; }

    /// <summary>Their side as a share of the others'.</summary>
    public double LocalShare { get; init; } = 0.5;

    /// <summary>Of the two full views; with smaller crops the papers let these begin at a larger <c>min-scale</c>.</summary>
    public AugmentationOptions Augmentation { get; init; } = new();

    /// <summary>Of the smaller crops: solo-learn's multi-crop for CIFAR-10, but for its stronger jitter.</summary>
    public AugmentationOptions LocalAugmentation { get; init; } = new() { MaxScale = 0.5f };

    internal static OptionTable<SwavOptions> Table { get; } = new OptionTable<SwavOptions>()
        .Number("temperature", o => o.Temperature, (o, v) => o with { Temperature = v }, Interval.Temperature)
        .Real("epsilon", o => o.Epsilon, (o, v) => o with { Epsilon = v }, new Interval(0.005, 1e4))
        .Whole("iterations", o => o.Iterations, (o, v) => o with { Iterations = (int)v }, new Interval(1, 1000))
        .Whole("prototypes", o => o.Prototypes, (o, v) => o with { Prototypes = (int)v }, new Interval(2, 1 << 20))
        .Real("freeze-prototypes", o => o.FreezePrototypes, (o, v) => o with { FreezePrototypes = v }, Interval.NotNegative)
        .Wholes("projector", o => o.Projector, (o, v) => o with { Projector = v }, new Interval(1, 1 << 16))
        .Whole("queue", o => o.Queue, (o, v) => o with { Queue = (int)v }, new Interval(0, 1 << 20))
        .Real("queue-from", o => o.QueueFrom, (o, v) => o with { QueueFrom = v }, Interval.Fraction)
        .Whole("local-crops", o => o.LocalCrops, (o, v) => o with { LocalCrops = (int)v }, new Interval(0, 64))
        .Real("local-share", o => o.LocalShare, (o, v) => o with { LocalShare = v }, new Interval(0, 1, OpenLow: true))
        .Section("local-augmentation", o => o.LocalAugmentation, (o, v) => o with { LocalAugmentation = v }, AugmentationTable.Keys)
        .Section("augmentation", o => o.Augmentation, (o, v) => o with { Augmentation = v }, AugmentationTable.Keys);

    public override void Validate()
    {
        Augmentation.Validate();
        LocalAugmentation.Validate();
    }

    public override MethodOptions FitTo(DataFit fit)
    {
        int unit = fit.Model.SideUnit, local = ViewPlan.MultiCrop([Augmentation], LocalAugmentation, LocalCrops, LocalShare).LocalSide(fit.Side);
        if (LocalCrops > 0 && local % unit != 0)
        {
            throw DataFit.Refusal("method.local-share", $"small crops of {local} pixels cannot be cut into patches of {unit}; choose a share of {fit.Side} pixels that is a multiple of {unit}");
        }

        return this with { Prototypes = fit.Clusters("method.prototypes", Prototypes), Queue = Queue == 0 ? 0 : fit.Queue(Queue) };
    }
}
