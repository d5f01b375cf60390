namespace Tacit.Methods;

/// <summary>The options of <see cref="DeloresS"/>.</summary>
public sealed record DeloresSOptions : MethodOptions
{
    /// <summary>λ, the weight of the off-diagonal part alone: Barlow Twins' value, which the paper's loss is.</summary>
    public float Lambda { get; init; } = 5e-3f;

    /// <summary>Widths of the projector's layers, batch norm and ReLU between them: the paper's.</summary>
    public IReadOnlyList<int> Projector { get; init; } = [2048, 2048, 2048];

    internal static OptionTable<DeloresSOptions> Table { get; } = new OptionTable<DeloresSOptions>()
        .Number("lambda", o => o.Lambda, (o, v) => o with { Lambda = v }, Interval.NotNegative)
        .Wholes("projector", o => o.Projector, (o, v) => o with { Projector = v }, new Interval(1, 1 << 16));

    public override MethodOptions FitTo(DataFit fit)
    {
        fit.RefuseBatchOfOne("a batch of one recording has no variance and no covariance");
        return this;
    }
}
