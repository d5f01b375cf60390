namespace Tacit.Methods;

/// <summary>The options of <see cref="Apc"/>.</summary>
public sealed record ApcOptions : MethodOptions
{
    /// <summary>How many frames ahead is told; n. The paper tries 1 to 20, and its followers have 5. Recordings that are not longer are skipped.</summary>
    public int NFuture { get; init; } = 5;

    internal static OptionTable<ApcOptions> Table { get; } = new OptionTable<ApcOptions>()
        .Whole("n-future", o => o.NFuture, (o, v) => o with { NFuture = (int)v }, FrameAhead.Steps);

    public override MethodOptions FitTo(DataFit fit) => this with { NFuture = FrameAhead.Fit(fit, "method.n-future", NFuture) };
}
