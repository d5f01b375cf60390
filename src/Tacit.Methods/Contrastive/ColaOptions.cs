namespace Tacit.Methods;

/// <summary>The options of <see cref="Cola"/>: the paper's, section 3.</summary>
public sealed record ColaOptions : MethodOptions
{
    /// <summary>Width of the projection that pieces are compared in.</summary>
    public int Projection { get; init; } = 512;

    internal static OptionTable<ColaOptions> Table { get; } = new OptionTable<ColaOptions>()
        .Whole("projection", o => o.Projection, (o, v) => o with { Projection = (int)v }, new Interval(1, 1 << 16));

    public override MethodOptions FitTo(DataFit fit)
    {
        fit.RefuseBatchOfOne("a batch of one recording holds no other to be told from");
        return this;
    }
}
