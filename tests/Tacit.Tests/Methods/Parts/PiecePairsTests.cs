using Tacit.Methods;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods.Parts;

public sealed class PiecePairsTests
{
    /// <summary>40 frames less 2 · 4 at the edges and 2 · 8 of the pieces leave 16: gaps from 3 to 9, every one as likely, anywhere.</summary>
    [Fact]
    public void PiecesNeverTouchEachOtherOrTheEdges()
    {
        var random = new RandomSequence(1, 2, 3);
        int[] gaps = new int[10];
        int first = int.MaxValue, last = 0;
        for (int i = 0; i < 7000; i++)
        {
            PiecePair pair = PiecePairs.Draw(2, 40, 8, 3, 9, ref random)!.Value;
            Assert.Equal(2, pair.Item);
            Assert.InRange(pair.Gap, 3, 9);
            gaps[pair.Gap]++;
            (first, last) = (Math.Min(first, pair.First), Math.Max(last, pair.First + 16 + pair.Gap));
        }

        Assert.Equal((4, 36), (first, last));
        Assert.All(gaps[3..], count => Assert.InRange(count, 850, 1150));
    }

    [Fact]
    public void AnItemThatHoldsNoPairHasNone()
    {
        var random = new RandomSequence(1, 2, 3);
        Assert.Null(PiecePairs.Draw(0, 26, 8, 3, 9, ref random));
        Assert.Equal(new PiecePair(0, 4, 3), PiecePairs.Draw(0, 27, 8, 3, 9, ref random));
    }

    [Fact]
    public void EarlierPiecesComeFirst()
    {
        Tensor views = Tensor.From([.. Enumerable.Range(0, 2 * 10 * 3).Select(i => (float)i)], new Shape(2, 10, 3, 1));
        Tensor pieces = PiecePairs.Cut(views, [new(1, 2, 3), new(0, 0, 1)], 2);
        Assert.Equal(new Shape(4, 2, 3, 1), pieces.Shape);
        Assert.Equal([36, 37, 38, 39, 40, 41], pieces.Rows(0, 1).ToArray());
        Assert.Equal([0, 1, 2, 3, 4, 5], pieces.Rows(1, 1).ToArray());
        Assert.Equal([51, 52, 53, 54, 55, 56], pieces.Rows(2, 1).ToArray());
        Assert.Equal([9, 10, 11, 12, 13, 14], pieces.Rows(3, 1).ToArray());
    }
}
