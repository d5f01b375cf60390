namespace Tacit.Methods;

/// <summary>The options of <see cref="Decoar"/>.</summary>
public sealed record DecoarOptions : MethodOptions
{
    /// <summary>K: a slice is K + 1 frames, from the last that the forward network hears to the first that the backward one does (section 3.2: 18 frames).</summary>
    public int Slice { get; init; } = 17;

    /// <summary>Width of the hidden layer of each frame's own network; auto for a quarter of the states' width, 512 of 2,048.</summary>
    public int? Hidden { get; init; }

    internal static OptionTable<DecoarOptions> Table { get; } = new OptionTable<DecoarOptions>()
        .Whole("slice", o => o.Slice, (o, v) => o with { Slice = (int)v }, new Interval(2, 1000))
        .WholeOrAuto("hidden", o => o.Hidden, (o, v) => o with { Hidden = (int?)v }, new Interval(1, 65536));

    public override MethodOptions FitTo(DataFit fit) => this with { Slice = FrameAhead.Fit(fit, "method.slice", Slice) };
}
