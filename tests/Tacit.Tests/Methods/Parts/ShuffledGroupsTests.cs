using Tacit.Methods;
using Tacit.Nn;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods.Parts;

public sealed class ShuffledGroupsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    public void RowsComeBackInTheirOrder(int groups)
    {
        Tensor x = Counting(13);
        var sizes = new List<int>();
        using Scope scope = Scope.Gradient(3, 5);
        Tensor y = ShuffledGroups.Forward(x, groups, shuffle: true, "path", part =>
        {
            sizes.Add(part.Shape[0]);
            return Ops.Multiply(part, 2);
        });
        Assert.Equal(x.ToArray().Select(v => 2 * v), y.ToArray());
        Assert.Equal(groups, sizes.Count);
        Assert.InRange(sizes.Max() - sizes.Min(), 0, 1);
        Assert.False(y.RequiresGrad);
    }

    [Fact]
    public void CompanyChangesFromStepToStepAndNotBySomethingElse()
    {
        static float[] FirstGroup(long step, bool shuffle)
        {
            using Scope scope = Scope.Gradient(3, step);
            float[]? seen = null;
            ShuffledGroups.Forward(Counting(24), 2, shuffle, "path", part =>
            {
                seen ??= part.ToArray();
                return part;
            });
            return seen!;
        }

        Assert.Equal(FirstGroup(1, true), FirstGroup(1, true));
        Assert.NotEqual(FirstGroup(1, true), FirstGroup(2, true));
        Assert.Equal(Enumerable.Range(0, 12).Select(i => (float)i), FirstGroup(1, false));
    }

    /// <summary>Two groups of two rows, by hand: 0 and 2 have mean 1 and deviation 1; 10 and 30 have mean 20 and deviation 10.</summary>
    [Fact]
    public void EachGroupIsNormalisedByItself()
    {
        var norm = new BatchNorm(1, affine: false);
        norm.Initialize(0);
        using Scope scope = Scope.Gradient();
        Tensor y = ShuffledGroups.Forward(Tensor.From([0, 2, 10, 30], new Shape(4, 1)), 2, shuffle: false, "path", norm.Forward);
        Oracle.AssertWithin([-1, 1, -1, 1], y.Span, 1e-5);
    }

    private static Tensor Counting(int rows)
    {
        Tensor x = Tensor.Lasting(new Shape(rows, 1));
        for (int i = 0; i < rows; i++)
        {
            x.Span[i] = i;
        }

        return x;
    }
}
