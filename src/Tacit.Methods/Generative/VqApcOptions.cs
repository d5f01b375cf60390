namespace Tacit.Methods;

/// <summary>The options of <see cref="VqApc"/>; codes and temperature are the published configuration's.</summary>
public sealed record VqApcOptions : MethodOptions
{
    /// <summary>How many frames ahead is told. Recordings that are not longer are skipped.</summary>
    public int NFuture { get; init; } = 5;

    /// <summary>Codes of the book.</summary>
    public int Codes { get; init; } = 512;

    /// <summary>Of the drawn choice, the same throughout the run.</summary>
    public double Temperature { get; init; } = 0.5;

    internal static OptionTable<VqApcOptions> Table { get; } = new OptionTable<VqApcOptions>()
        .Whole("n-future", o => o.NFuture, (o, v) => o with { NFuture = (int)v }, FrameAhead.Steps)
        .Whole("codes", o => o.Codes, (o, v) => o with { Codes = (int)v }, new Interval(2, 65536))
        .Real("temperature", o => o.Temperature, (o, v) => o with { Temperature = v }, Interval.Temperature);

    public override MethodOptions FitTo(DataFit fit) => this with { NFuture = FrameAhead.Fit(fit, "method.n-future", NFuture) };
}
