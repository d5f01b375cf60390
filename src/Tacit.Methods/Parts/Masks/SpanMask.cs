using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>
/// Spans of states that a network over waveforms does not see: of each utterance p·T/length of them, begun at different places, drawn
/// for its own T. Spans overlap, so that less than p is hidden in the end.
/// </summary>
/// <remarks>
/// Baevski et al. 2020, arXiv:2006.11477, section 3.1 and appendix A; with a <see cref="Deviation"/> Baevski et al. 2019,
/// arXiv:1910.05453, section 4. The counts of a batch's utterances are not made equal: what one hides does not depend on others.
/// </remarks>
public sealed record SpanMask
{
    /// <summary>p: the share that would be hidden if no spans met; of 10 and 500 states 0.65 hides 0.49.</summary>
    public double Share { get; init; } = 0.65;

    /// <summary>States of a span; half an utterance at most.</summary>
    public int Length { get; init; } = 10;

    /// <summary>Spans that an utterance has at least, where they leave a state to see.</summary>
    public int Least { get; init; } = 2;

    /// <summary>Standard deviation of the spans' lengths; 0 for spans of one length.</summary>
    public double Deviation { get; init; }

    internal static OptionTable<SpanMask> Table { get; } = new OptionTable<SpanMask>()
        .Real("share", o => o.Share, (o, v) => o with { Share = v }, new Interval(0, 1, OpenLow: true))
        .Whole("length", o => o.Length, (o, v) => o with { Length = (int)v }, new Interval(1, 1000))
        .Whole("least", o => o.Least, (o, v) => o with { Least = (int)v }, new Interval(1, 1000))
        .Real("deviation", o => o.Deviation, (o, v) => o with { Deviation = v }, Interval.NotNegative);

    /// <summary>Which states are hidden: [N · T], item by item, none of them padding. An utterance of one state hides nothing.</summary>
    /// <param name="lengths">States of each utterance that are real, 0 to T.</param>
    /// <param name="states">T</param>
    /// <param name="random">Drawn from utterance by utterance.</param>
    public bool[] Draw(int[] lengths, int states, ref RandomSequence random)
    {
        var hidden = new bool[lengths.Length * states];
        int[] starts = new int[states];
        for (int n = 0; n < lengths.Length; n++)
        {
            int length = lengths[n], span = Math.Min(Length, length / 2);
            if (span < 1)
            {
                continue;
            }

            int places = length - span + 1, wanted = (int)((Share * length / span) + random.NextUniform());
            int count = Math.Min(Math.Max(wanted, Least), (length - 1) / span);
            for (int i = 0; i < places; i++)
            {
                starts[i] = i;
            }

            // The first places of a shuffle that stops when all spans have begun (Fisher and Yates).
            for (int i = 0; i < count; i++)
            {
                int j = i + random.NextInt(places - i);
                (starts[i], starts[j]) = (starts[j], starts[i]);
                int own = Deviation > 0 ? Math.Max(0, (int)Math.Round(span + (Deviation * random.NextNormal()))) : span;
                hidden.AsSpan((n * states) + starts[i], Math.Min(own, length - starts[i])).Fill(true);
            }
        }

        return hidden;
    }
}
