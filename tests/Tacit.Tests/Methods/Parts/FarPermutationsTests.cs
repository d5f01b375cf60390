using Tacit.Methods;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods.Parts;

public sealed class FarPermutationsTests
{
    /// <summary>Rows of a Latin rectangle can always be added to until it is a square (Hall), so the first nine differ everywhere.</summary>
    [Fact]
    public void NinePermutationsDifferInEveryPlace() => Assert.Equal(9, LeastDistance(FarPermutations.Choose(9)));

    [Fact]
    public void AHundredAreDifferentAndFarApart()
    {
        int[][] table = FarPermutations.Choose(100);

        Assert.Equal(100, table.Length);
        Assert.All(table, p => Assert.Equal(Enumerable.Range(0, 9), p.Order()));
        Assert.Equal(Enumerable.Range(0, 9), table[0]);
        Assert.True(LeastDistance(table) >= 6, $"least distance {LeastDistance(table)}");
        Assert.Equal(table, FarPermutations.Choose(100));
        Assert.Equal(table[..20], FarPermutations.Choose(20));      // greedy: fewer are the beginning of more
    }

    /// <summary>Each next one is the farthest of all 9! by a plain search.</summary>
    [Fact]
    public void TheEleventhIsTheFarthestThereIs()
    {
        int[][] table = FarPermutations.Choose(11);
        int[][] all = FarPermutations.Choose(FarPermutations.Most);
        Assert.Equal(FarPermutations.Most, all.Select(p => p.Aggregate(0, (code, tile) => (code * 9) + tile)).Distinct().Count());

        (int, int) Score(int[] p) => (table[..10].Min(q => FarPermutations.Distance(p, q)), table[..10].Sum(q => FarPermutations.Distance(p, q)));
        Assert.Equal(all.Max(Score), Score(table[10]));
        Assert.Equal(all.First(p => Score(p) == Score(table[10])), table[10]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(362_881)]
    public void FewerThanTwoOrMoreThanThereAreAreRefused(int count) =>
        Assert.Contains("2 to 362880", Assert.Throws<TacitException>(() => FarPermutations.Choose(count)).Message, StringComparison.Ordinal);

    private static int LeastDistance(int[][] table) =>
        table.SelectMany((p, i) => table.Skip(i + 1).Select(q => FarPermutations.Distance(p, q))).Min();
}
