using Tacit.Models;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Models;

public sealed class TokensTests
{
    [Fact]
    public void Patches_are_cut_row_by_row_and_joined_again()
    {
        // Two pictures of 4 × 6 with 2 channels, where pixel (n, y, x, c) is 1000 n + 100 y + 10 x + c.
        var x = Tensor.From(
            [.. from n in Enumerable.Range(0, 2) from y in Enumerable.Range(0, 4) from w in Enumerable.Range(0, 6) from c in Enumerable.Range(0, 2) select (float)((1000 * n) + (100 * y) + (10 * w) + c)],
            new Shape(2, 4, 6, 2));

        Tensor patches = Patches.Cut(x, 2);

        Assert.Equal(new Shape(2, 6, 8), patches.Shape);
        Assert.Equal([1220, 1221, 1230, 1231, 1320, 1321, 1330, 1331], patches.Rows(1, 1).Reshape(6, 8).Rows(4, 1).ToArray());
        Assert.Equal(x.ToArray(), Patches.Join(patches, 2, 3, 2).ToArray());
        Assert.Throws<TacitException>(() => Patches.Cut(x, 4));
        Assert.Throws<ShapeException>(() => Patches.Join(patches, 3, 3, 2));
    }

    [Fact]
    public void Kept_tokens_come_back_to_their_places()
    {
        var tokens = Tensor.From([.. Enumerable.Range(0, 16).Select(i => (float)i)], new Shape(2, 4, 2));
        int[] places = [3, 1, 0, 2];

        Tensor kept = Tokens.Keep(tokens, places);
        Tensor back = Tokens.Restore(kept, places, 4, Tensor.Full(new Shape(1, 1, 2), -1));

        Assert.Equal([6, 7, 2, 3, 8, 9, 12, 13], kept.ToArray());
        Assert.Equal([-1, -1, 2, 3, -1, -1, 6, 7, 8, 9, -1, -1, 12, 13, -1, -1], back.ToArray());
        Assert.Throws<ArgumentException>(() => Tokens.Keep(tokens, [4, 0]));
        Assert.Throws<ArgumentException>(() => Tokens.Keep(tokens, [0, 1, 2]));
        Assert.Throws<ShapeException>(() => Tokens.Restore(kept, [0, 1], 4, Tensor.Zeros(new Shape(2))));
    }

    [Fact]
    public void Gradients_reach_the_kept_tokens_and_the_mask()
    {
        var tokens = Tensor.Parameter(new Shape(1, 3, 2));
        var mask = Tensor.Parameter(new Shape(2));
        using Scope scope = Scope.Gradient();
        Tensor back = Tokens.Restore(Tokens.Keep(tokens, [2]), [2], 3, mask);
        scope.Backward(Ops.Sum(Ops.Multiply(back, Tensor.From([1, 2, 3, 4, 5, 6], back.Shape))));

        Assert.Equal([0, 0, 0, 0, 5, 6], tokens.GradientSpan.ToArray());
        Assert.Equal([1 + 3, 2 + 4], mask.GradientSpan.ToArray());
    }
}
