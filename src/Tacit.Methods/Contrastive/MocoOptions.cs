using Tacit.Data.Augment;

namespace Tacit.Methods;

/// <summary>The options of <see cref="Moco"/>; the defaults are those of version 2.</summary>
public sealed record MocoOptions : MethodOptions
{
    /// <summary>T of the loss: the second paper's and solo-learn's.</summary>
    public float Temperature { get; init; } = 0.2f;

    /// <summary>Widths of the projector's layers, ReLU between them, no norm: solo-learn's for CIFAR-10.</summary>
    public IReadOnlyList<int> Projector { get; init; } = [2048, 256];

    /// <summary>Keys of earlier batches: lightly's for CIFAR-10; the papers' ImageNet has 65,536.</summary>
    public int Queue { get; init; } = 4096;

    /// <summary>The momentum encoder's at first, and at the end of half a cosine: solo-learn's for CIFAR-10; the papers have 0.999 throughout.</summary>
    public double Momentum { get; init; } = 0.99;

    public double FinalMomentum { get; init; } = 0.999;

    /// <summary>Parts of a batch that keys are normalised in: the papers' eight devices. A part has at least 8 pictures.</summary>
    public int NormGroups { get; init; } = 8;

    /// <summary>Whether the batch is permuted before it is cut into parts.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>Whether each view is once the query and once the key; solo-learn and lightly do so, the papers have one direction.</summary>
    public bool Symmetric { get; init; } = true;

    /// <summary>Of both views: solo-learn's weak set, which blurs every other view.</summary>
    public AugmentationOptions Augmentation { get; init; } = new() { BlurProbability = 0.5f };

    /// <summary>
    /// The first paper's temperature, linear projector of 128, one direction, and augmentation without blur (section 4: crops from
    /// 0.2 of the picture, jitter (0.4, 0.4, 0.4, 0.4) of every view); the momentum is lightly's for CIFAR-10.
    /// </summary>
    internal static MocoOptions V1 { get; } = new()
    {
        Temperature = 0.07f,
        Projector = [128],
        FinalMomentum = 0.99,
        Symmetric = false,
        Augmentation = new() { MinScale = 0.2f, JitterProbability = 1, Hue = 0.4f },
    };

    internal static OptionTable<MocoOptions> Table { get; } = new OptionTable<MocoOptions>()
        .Number("temperature", o => o.Temperature, (o, v) => o with { Temperature = v }, Interval.Temperature)
        .Wholes("projector", o => o.Projector, (o, v) => o with { Projector = v }, new Interval(1, 1 << 16))
        .Whole("queue", o => o.Queue, (o, v) => o with { Queue = (int)v }, new Interval(2, 1 << 20))
        .Real("momentum", o => o.Momentum, (o, v) => o with { Momentum = v }, Interval.Fraction)
        .Real("final-momentum", o => o.FinalMomentum, (o, v) => o with { FinalMomentum = v }, Interval.Fraction)
        .Whole("norm-groups", o => o.NormGroups, (o, v) => o with { NormGroups = (int)v }, new Interval(1, 1024))
        .Flag("shuffle", o => o.Shuffle, (o, v) => o with { Shuffle = v })
        .Flag("symmetric", o => o.Symmetric, (o, v) => o with { Symmetric = v })
        .Section("augmentation", o => o.Augmentation, (o, v) => o with { Augmentation = v }, AugmentationTable.Keys);

    public override void Validate()
    {
        Augmentation.Validate();
        if (Shuffle && NormGroups == 1)
        {
            throw new TacitException(
                "Shuffling with method.norm-groups 1 hides nothing: every key is still normalised with the whole batch. Give 2 groups or more, or set method.shuffle to false.");
        }
    }

    public override MethodOptions FitTo(DataFit fit)
    {
        int most = Math.Max(1, fit.BatchSize / ShuffledGroups.SmallestGroup);
        int groups = fit.AtMost(
            "method.norm-groups", NormGroups, most, $"a batch of {fit.BatchSize} has no more groups of at least {ShuffledGroups.SmallestGroup} pictures");
        bool shuffle = Shuffle && groups > 1;
        if (shuffle != Shuffle)
        {
            const string Why = "a batch that is one group is normalised together in any order";
            if (fit.Given("method.shuffle"))
            {
                throw DataFit.Refusal("method.shuffle", $"{Why}; give train.batch-size at least {2 * ShuffledGroups.SmallestGroup}");
            }

            fit.Note($"method.shuffle is false because {Why}.");
        }

        return this with { Queue = fit.Queue(Queue), NormGroups = groups, Shuffle = shuffle };
    }
}
