using Tacit.Methods;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods.Parts.Masks;

public sealed class RandomMaskTests
{
    /// <summary>Lightly's cases: the places beside a class token, 257 tokens with 75 % and 5 tokens with half of them masked.</summary>
    [Theory]
    [InlineData(256, 0.75, 192)]
    [InlineData(257, 0.75, 193)]
    [InlineData(4, 0.5, 2)]
    [InlineData(5, 0.5, 3)]
    [InlineData(10, 0.9, 9)]
    public void TheRestOfTheKeptIsMasked(int places, double ratio, int masked)
    {
        var random = new RandomSequence(1, 2, 3);
        Mask mask = RandomMask.Draw(6, places, ratio, ref random);
        Assert.Equal(masked, mask.MaskedCount);
        Assert.Equal(places - masked, mask.KeptCount);
        Places.AreSplit(mask);
    }

    [Fact]
    public void ItemsAndDrawsDifferAndTheSameKeyGivesTheSameMask()
    {
        var random = new RandomSequence(1, 2, 3);
        Mask first = RandomMask.Draw(4, 64, 0.75, ref random), second = RandomMask.Draw(4, 64, 0.75, ref random);
        random = new RandomSequence(1, 2, 3);
        Mask again = RandomMask.Draw(4, 64, 0.75, ref random);
        Assert.Equal(first.Kept, again.Kept);
        Assert.NotEqual(first.Kept, second.Kept);
        Assert.NotEqual(first.Kept[..16], first.Kept[16..32]);
    }

    /// <summary>Each place of 20 is masked in 3/4 of 4,000 items; the standard error is 0.7 %.</summary>
    [Fact]
    public void EveryPlaceIsAsLikelyAsAnyOther()
    {
        var random = new RandomSequence(5, 0, 0);
        Mask mask = RandomMask.Draw(4000, 20, 0.75, ref random);
        int[] counts = new int[20];
        foreach (int place in mask.Masked)
        {
            counts[place]++;
        }

        Assert.All(counts, count => Assert.InRange(count / 4000.0, 0.75 - 0.03, 0.75 + 0.03));
    }

    [Fact]
    public void GatheringByTheOrderOfRestorationPutsEveryRowBack()
    {
        var random = new RandomSequence(1, 0, 0);
        Mask mask = RandomMask.Draw(3, 7, 0.5, ref random);
        Tensor x = Tensor.Lasting(new Shape(21, 1));
        for (int i = 0; i < 21; i++)
        {
            x.Span[i] = i;
        }

        Tensor split = Ops.Concat(0, Ops.Gather(x, mask.KeptRows()), Ops.Gather(x, mask.MaskedRows()));
        Assert.NotEqual(x.ToArray(), split.ToArray());
        Assert.Equal(x.ToArray(), Ops.Gather(split, mask.Restore()).ToArray());
    }

    [Theory]
    [InlineData(16, 1.0, "leaves nothing")]
    [InlineData(16, 0.95, "0.9375")]
    [InlineData(1, 0.5, "leaves nothing")]
    [InlineData(16, 0.0, "masks none")]
    [InlineData(16, -0.1, "between 0 and 1")]
    [InlineData(16, double.NaN, "between 0 and 1")]
    public void ARatioThatLeavesNothingIsRefused(int places, double ratio, string why)
    {
        Assert.Contains(why, Assert.Throws<TacitException>(Draw).Message, StringComparison.Ordinal);
        void Draw()
        {
            var random = new RandomSequence(1, 0, 0);
            RandomMask.Draw(2, places, ratio, ref random);
        }
    }
}
