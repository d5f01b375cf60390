namespace Tacit.Methods;

/// <summary>The options of <see cref="TemporalGap"/>, in frames of 10 ms. Recordings that do not hold two pieces are skipped.</summary>
public sealed record TemporalGapOptions : MethodOptions
{
    /// <summary>Frames of a piece.</summary>
    public int Piece { get; init; } = 64;

    /// <summary>The fewest frames between two pieces: what sounds over an edge must not tell the answer.</summary>
    public int MinGap { get; init; } = 8;

    /// <summary>The most frames between two pieces.</summary>
    public int MaxGap { get; init; } = 240;

    /// <summary>How many ranges of equal width the gaps from the fewest to the most are cut into.</summary>
    public int Classes { get; init; } = 4;

    /// <summary>Width of the classifier's hidden layer.</summary>
    public int Hidden { get; init; } = 512;

    internal static OptionTable<TemporalGapOptions> Table { get; } = new OptionTable<TemporalGapOptions>()
        .Whole("piece", o => o.Piece, (o, v) => o with { Piece = (int)v }, new Interval(PiecePairs.Shortest, 3000))
        .Whole("min-gap", o => o.MinGap, (o, v) => o with { MinGap = (int)v }, new Interval(1, 6000))
        .Whole("max-gap", o => o.MaxGap, (o, v) => o with { MaxGap = (int)v }, new Interval(1, 6000))
        .Whole("classes", o => o.Classes, (o, v) => o with { Classes = (int)v }, new Interval(2, 100))
        .Whole("hidden", o => o.Hidden, (o, v) => o with { Hidden = (int)v }, new Interval(1, 65536));

    /// <summary>The least and the most frames of a class's gaps, both of them possible.</summary>
    public (int Least, int Most) Range(int which)
    {
        int gaps = MaxGap - MinGap + 1;
        return (MinGap + (which * gaps / Classes), MinGap + ((which + 1) * gaps / Classes) - 1);
    }

    public override void Validate()
    {
        if (MaxGap - MinGap + 1 < Classes)
        {
            throw DataFit.Refusal("method.max-gap", $"from {MinGap} (method.min-gap) to {MaxGap} there are not {Classes} gaps, one for each class");
        }
    }

    /// <summary>Pieces that nobody asked for leave half of the longest view for the gap.</summary>
    public override MethodOptions FitTo(DataFit fit)
    {
        int longest = FrameRows.Longest(fit), least = MinGap + Classes - 1;
        int piece = PiecePairs.FitPiece(fit, "temporal-gap", Piece, fit.Given("method.piece") ? least : Math.Max(least, longest / 2));
        return this with { Piece = piece, MaxGap = fit.AtMost("method.max-gap", MaxGap, longest - PiecePairs.Needs(piece, 0), $"the longest view has {longest} frames") };
    }
}
