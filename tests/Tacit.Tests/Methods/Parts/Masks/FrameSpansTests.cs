using Tacit.Methods;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods.Parts.Masks;

public sealed class FrameSpansTests
{
    /// <summary>s3prl's masker, run: 14.8 % of 400 frames are hidden by spans of 7 at 15 %. The standard error here is below 0.01 %.</summary>
    [Fact]
    public void TheShareThatIsHiddenIsThePublishedOne()
    {
        int[] lengths = [.. Enumerable.Repeat(400, 2000)];
        bool[] hidden = Hidden(Draw(lengths, 0.15, 7), lengths.Length, 400);
        Assert.Equal(0.148, hidden.Count(h => h) / (double)hidden.Length, 0.0005);
    }

    /// <summary>round(T · 0.15 / 7): 100 → 2, 250 → 5, 24 → 1, 23 → 0, of which one is made.</summary>
    [Fact]
    public void AnItemHasAsManySpansAsItsOwnLengthAsksForAndNoneInPadding()
    {
        int[] lengths = [100, 250, 24, 23, 8], counts = [2, 5, 1, 1, 1];
        for (ulong seed = 0; seed < 200; seed++)
        {
            FrameSpan[] spans = Draw(lengths, 0.15, 7, seed);
            Assert.Equal(counts, Enumerable.Range(0, 5).Select(item => spans.Count(s => s.Item == item)));
            Assert.All(spans, s => Assert.Equal(7, s.Length));
            Assert.All(spans, s => Assert.InRange(s.Start, 0, lengths[s.Item] - 7));
            Assert.Equal(spans.Length, spans.Select(s => (s.Item, s.Start)).Distinct().Count());
        }
    }

    [Fact]
    public void AnItemNoLongerThanASpanHasHalfOfItsFramesHidden()
    {
        FrameSpan[] spans = Draw([7, 6, 1], 0.15, 7);
        Assert.Equal([4, 3, 1], spans.Select(s => s.Length));
        Assert.All(spans, s => Assert.InRange(s.Start, 0, new[] { 7, 6, 1 }[s.Item] - s.Length));
    }

    [Fact]
    public void StartsNeverComeTwiceEvenWhereEveryPlaceIsWanted()
    {
        FrameSpan[] spans = Draw([10], 0.99, 1);
        Assert.Equal(Enumerable.Range(0, 10), spans.Select(s => s.Start).Order());
    }

    [Fact]
    public void EveryFrameOfTheMiddleIsAsLikelyAsAnyOther()
    {
        int[] lengths = [.. Enumerable.Repeat(30, 20000)];
        bool[] hidden = Hidden(Draw(lengths, 0.15, 7), lengths.Length, 30);
        double[] shares = [.. Enumerable.Range(6, 18).Select(t => Enumerable.Range(0, lengths.Length).Count(n => hidden[(n * 30) + t]) / 20000.0)];
        // One span of 24 starts, of which 7 hide a frame of the middle.
        Assert.All(shares, share => Assert.Equal(7 / 24.0, share, 0.015));
    }

    private static FrameSpan[] Draw(int[] lengths, double share, int span, ulong seed = 1)
    {
        var random = new RandomSequence(seed, 2, 3);
        return FrameSpans.Draw(lengths, share, span, ref random);
    }

    private static bool[] Hidden(FrameSpan[] spans, int items, int frames)
    {
        var hidden = new bool[items * frames];
        foreach (FrameSpan span in spans)
        {
            hidden.AsSpan((span.Item * frames) + span.Start, span.Length).Fill(true);
        }

        return hidden;
    }
}
