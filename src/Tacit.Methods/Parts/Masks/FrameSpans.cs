using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>A run of frames of one item.</summary>
/// <param name="Item">Its number in the batch.</param>
/// <param name="Start">The first frame.</param>
/// <param name="Length">Frames.</param>
public readonly record struct FrameSpan(int Item, int Start, int Length);

/// <summary>
/// Draws spans of frames to be hidden: of one length, an item's starts all different, spans may overlap; never in padding. Each
/// item has as many as its own length asks for, whatever else is in the batch.
/// </summary>
/// <remarks>
/// Liu et al. 2020 (Mockingjay), arXiv:1910.12638, section 2.2: with 15 % and spans of 7 frames, 400 frames have round(400 · 0.15 / 7) =
/// 9 spans, which hide 14.8 % of them on average.
/// </remarks>
public static class FrameSpans
{
    /// <summary>
    /// The spans of a batch, items in their order: round(length · share / span) of each, at least one. An item that is no longer
    /// than a span has one span over half of its frames, rounded up.
    /// </summary>
    /// <param name="lengths">Real frames of each item, at least 1.</param>
    /// <param name="share">Of the frames that spans would hide if none overlapped.</param>
    /// <param name="span">Frames of a span.</param>
    /// <param name="random">Draws the starts.</param>
    public static FrameSpan[] Draw(ReadOnlySpan<int> lengths, double share, int span, ref RandomSequence random)
    {
        var spans = new List<FrameSpan>();
        for (int item = 0; item < lengths.Length; item++)
        {
            int length = lengths[item], own = length > span ? span : (length + 1) / 2, places = length - own + 1;
            int count = length > span ? Math.Clamp((int)Math.Round(length * share / span), 1, places) : 1;
            int[] starts = [.. Enumerable.Range(0, places)];
            for (int i = 0; i < count; i++)
            {
                // The beginning of a shuffle (Fisher and Yates).
                int j = i + random.NextInt(places - i);
                (starts[i], starts[j]) = (starts[j], starts[i]);
                spans.Add(new FrameSpan(item, starts[i], own));
            }
        }

        return [.. spans];
    }
}
