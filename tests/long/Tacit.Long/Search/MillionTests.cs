using System.Diagnostics;
using Tacit.Nn;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Long.Search;

/// <summary>The sizes that search and drawings are meant for.</summary>
public sealed class MillionTests(ITestOutputHelper output)
{
    private const int Items = 1_000_000;

    [Fact]
    public void A_million_items_of_128_numbers_are_searched_in_a_second_or_two()
    {
        Tensor bank = Normal(Items, 128, 1), queries = Normal(16, 128, 2);
        int[] planted = [0, 499_999, 999_999];
        foreach (int row in planted)
        {
            queries.Rows(0, 1).Span.CopyTo(bank.Rows(row, 1).Span);
        }

        long before = GC.GetTotalAllocatedBytes(precise: true), start = Stopwatch.GetTimestamp();
        NearestNeighbours one = NearestSegments.Find(queries.Rows(0, 1), bank, 10);
        double single = Stopwatch.GetElapsedTime(start).TotalSeconds;
        start = Stopwatch.GetTimestamp();
        NearestNeighbours many = NearestSegments.Find(queries, bank, 10);
        double sixteen = Stopwatch.GetElapsedTime(start).TotalSeconds;
        long taken = GC.GetTotalAllocatedBytes(precise: true) - before;

        output.WriteLine($"1 query {single:0.00} s, 16 queries {sixteen:0.00} s, {taken >> 20} MB taken beside the features' {bank.Length >> 18}");
        Assert.Equal(planted, one.Rows[..3]);
        Assert.Equal(planted, many.Rows[..3]);
        Assert.InRange(single, 0, 5);
        Assert.InRange(taken, 0, 64 << 20);
    }

    [Theory]
    [InlineData(2000, 30)]
    [InlineData(10000, 180)]
    public void Points_are_drawn_in_seconds(int points, double limit)
    {
        // Forty groups of 512 numbers.
        Tensor features = Normal(points, 512, 3), centres = Normal(40, 512, 4);
        for (int i = 0; i < points; i++)
        {
            System.Numerics.Tensors.TensorPrimitives.Add(features.Rows(i, 1).Span, centres.Rows(i % 40, 1).Span, features.Rows(i, 1).Span);
        }

        long start = Stopwatch.GetTimestamp();
        Tensor drawn = TSne.Project(features);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        start = Stopwatch.GetTimestamp();
        Tensor flat = Pca.Project(features);
        double linear = Stopwatch.GetElapsedTime(start).TotalSeconds;

        double trust = Trustworthiness.Of(features, drawn), flatTrust = Trustworthiness.Of(features, flat);
        output.WriteLine($"{points} points: t-SNE {seconds:0.0} s, trustworthiness {trust:0.000}; principal components {linear:0.00} s, {flatTrust:0.000}");
        Assert.InRange(trust, 0.95, 1);
        Assert.True(trust > flatTrust);
        Assert.InRange(seconds, 0, limit);
    }

    private static Tensor Normal(int rows, int dim, long step)
    {
        var tensor = Tensor.Lasting(new Shape(rows, dim));
        Philox.FillNormal(tensor.Span, 7, Philox.Hash("million"), step);
        return tensor;
    }
}
