namespace Tacit.Methods;

/// <summary>The options of <see cref="TemporalOrder"/>, in frames of 10 ms. Recordings that do not hold two pieces are skipped.</summary>
public sealed record TemporalOrderOptions : MethodOptions
{
    /// <summary>Frames of a piece.</summary>
    public int Piece { get; init; } = 64;

    /// <summary>The fewest frames between two pieces: what sounds over an edge must not tell the answer.</summary>
    public int MinGap { get; init; } = 8;

    /// <summary>The most frames between two pieces.</summary>
    public int MaxGap { get; init; } = 40;

    /// <summary>Width of the classifier's hidden layer.</summary>
    public int Hidden { get; init; } = 512;

    internal static OptionTable<TemporalOrderOptions> Table { get; } = new OptionTable<TemporalOrderOptions>()
        .Whole("piece", o => o.Piece, (o, v) => o with { Piece = (int)v }, new Interval(PiecePairs.Shortest, 3000))
        .Whole("min-gap", o => o.MinGap, (o, v) => o with { MinGap = (int)v }, new Interval(1, 6000))
        .Whole("max-gap", o => o.MaxGap, (o, v) => o with { MaxGap = (int)v }, new Interval(1, 6000))
        .Whole("hidden", o => o.Hidden, (o, v) => o with { Hidden = (int)v }, new Interval(1, 65536));

    public override void Validate()
    {
        if (MinGap > MaxGap)
        {
            throw DataFit.Refusal("method.min-gap", $"{MinGap} is above method.max-gap, {MaxGap}");
        }
    }

    public override MethodOptions FitTo(DataFit fit) => this with { Piece = PiecePairs.FitPiece(fit, "temporal-order", Piece, MinGap) };
}
