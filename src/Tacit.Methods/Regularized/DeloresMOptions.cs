namespace Tacit.Methods;

/// <summary>The options of <see cref="DeloresM"/>: MoCo's as the authors have them, and Barlow Twins' for three depths.</summary>
public sealed record DeloresMOptions : MethodOptions
{
    /// <summary>T of the contrastive loss.</summary>
    public float Temperature { get; init; } = 0.07f;

    /// <summary>Width of the queries and keys, one linear layer behind the features.</summary>
    public int Projection { get; init; } = 128;

    /// <summary>Keys of earlier batches; the authors' AudioSet has 65,536.</summary>
    public int Queue { get; init; } = 4096;

    /// <summary>The key encoder's momentum; the authors' long runs have 0.999.</summary>
    public double Momentum { get; init; } = 0.99;

    /// <summary>Parts of a shuffled batch that keys are normalised in, each of at least 8 recordings.</summary>
    public int NormGroups { get; init; } = 8;

    /// <summary>λ, the weight of the off-diagonal part alone.</summary>
    public float Lambda { get; init; } = 5e-3f;

    /// <summary>Weight of the decorrelation of all depths beside the contrastive loss.</summary>
    public float DecorrelationWeight { get; init; } = 1;

    /// <summary>Widths of the projector's layers at each depth, batch norm and ReLU between them.</summary>
    public IReadOnlyList<int> DepthProjector { get; init; } = [1024, 1024];

    internal static OptionTable<DeloresMOptions> Table { get; } = new OptionTable<DeloresMOptions>()
        .Number("temperature", o => o.Temperature, (o, v) => o with { Temperature = v }, Interval.Temperature)
        .Whole("projection", o => o.Projection, (o, v) => o with { Projection = (int)v }, new Interval(1, 1 << 16))
        .Whole("queue", o => o.Queue, (o, v) => o with { Queue = (int)v }, new Interval(2, 1 << 20))
        .Real("momentum", o => o.Momentum, (o, v) => o with { Momentum = v }, Interval.Fraction)
        .Whole("norm-groups", o => o.NormGroups, (o, v) => o with { NormGroups = (int)v }, new Interval(1, 1024))
        .Number("lambda", o => o.Lambda, (o, v) => o with { Lambda = v }, Interval.NotNegative)
        .Number("decorrelation-weight", o => o.DecorrelationWeight, (o, v) => o with { DecorrelationWeight = v }, Interval.NotNegative)
        .Wholes("depth-projector", o => o.DepthProjector, (o, v) => o with { DepthProjector = v }, new Interval(1, 1 << 16));

    public override MethodOptions FitTo(DataFit fit)
    {
        fit.RefuseBatchOfOne("a batch of one recording has no variance and no covariance");
        int most = Math.Max(1, fit.BatchSize / ShuffledGroups.SmallestGroup);
        int groups = fit.AtMost("method.norm-groups", NormGroups, most, $"a batch of {fit.BatchSize} has no more groups of at least {ShuffledGroups.SmallestGroup} recordings");
        return this with { Queue = fit.Queue(Queue), NormGroups = groups };
    }
}
