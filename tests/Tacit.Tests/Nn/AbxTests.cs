using Tacit.Nn;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Nn;

public sealed class AbxTests
{
    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    [InlineData(2, true)]
    public void Errors_are_those_of_a_plain_loop_over_triplets(int salt, bool across)
    {
        // 40 segments of 1 to 7 frames, four classes and three speakers in no order: some cells are empty, some hold one.
        double[] drawn = Hashed.Doubles(120, 30 + salt);
        Tensor[] segments = [.. Enumerable.Range(0, 40).Select(i =>
        {
            int frames = 1 + (int)((drawn[i] + 1) * 3.5);
            return Tensor.From(Hashed.Singles(frames * 4, (100 * salt) + i), new Shape(frames, 4));
        })];
        int[] classes = [.. drawn.Skip(40).Take(40).Select(v => (int)((v + 1) * 2))], speakers = [.. drawn.Skip(80).Select(v => (int)((v + 1) * 1.5))];

        float[,] distances = SegmentDistances.Of(segments);
        Abx found = (across ? Abx.Across(distances, classes, speakers) : Abx.Within(distances, classes, speakers))!;

        var cells = new Dictionary<(int A, int B, int S, int T), (double Wrong, long Count)>();
        for (int a = 0; a < 40; a++)
        {
            for (int b = 0; b < 40; b++)
            {
                for (int x = 0; x < 40; x++)
                {
                    if (x == a || classes[x] != classes[a] || classes[b] == classes[a] || speakers[a] != speakers[b] || (speakers[x] == speakers[a]) == across)
                    {
                        continue;
                    }

                    double near = Warped(segments[a], segments[x]), far = Warped(segments[b], segments[x]);
                    (double wrong, long count) = cells.GetValueOrDefault((classes[a], classes[b], speakers[a], speakers[x]));
                    cells[(classes[a], classes[b], speakers[a], speakers[x])] = (wrong + (near > far ? 1 : 0), count + 1);
                }
            }
        }

        double expected = cells.GroupBy(c => (c.Key.A, c.Key.B)).Average(pair => pair.Average(c => c.Value.Wrong / c.Value.Count));
        Assert.InRange(found.Error, 0.3, 0.7);
        Assert.Equal(expected, found.Error, 1e-12);
        Assert.Equal(cells.Values.Sum(c => c.Count), found.Triplets);
        Assert.Equal(12, found.Pairs.Length);
    }

    [Fact]
    public void Words_far_apart_have_no_error_swapped_ones_only_errors_and_equal_ones_chance()
    {
        int[] classes = [0, 0, 1, 1], speakers = [0, 0, 0, 0];

        Assert.Equal(0, Abx.Within(Distances(0.1f, 0.9f), classes, speakers)!.Error);
        Assert.Equal(1, Abx.Within(Distances(0.9f, 0.1f), classes, speakers)!.Error);
        Assert.Equal(0.5, Abx.Within(Distances(0.4f, 0.4f), classes, speakers)!.Error);
        Assert.Null(Abx.Across(Distances(0.1f, 0.9f), classes, speakers));
        Assert.Null(Abx.Within(Distances(0.1f, 0.9f), [0, 1, 2, 3], speakers));
        Assert.Equal(0, Abx.Across(Distances(0.1f, 0.9f), classes, [0, 1, 0, 1])!.Error);
        Assert.Throws<ArgumentException>(() => Abx.Within(Distances(0, 0), [0, 1], [0, 0]));

        static float[,] Distances(float same, float other)
        {
            var all = new float[4, 4];
            for (int i = 0; i < 16; i++)
            {
                all[i / 4, i % 4] = i / 4 == i % 4 ? 0 : i / 8 == i % 4 / 2 ? same : other;
            }

            return all;
        }
    }

    /// <summary>The mean angle along the cheapest path, by recursion from the end.</summary>
    private static double Warped(Tensor a, Tensor b)
    {
        var known = new Dictionary<(int, int), (double Cost, int Length)>();
        (double cost, int length) = At(a.Shape[0] - 1, b.Shape[0] - 1);
        return cost / length;

        (double Cost, int Length) At(int i, int j)
        {
            if (i < 0 || j < 0)
            {
                return (double.PositiveInfinity, 0);
            }

            if (known.TryGetValue((i, j), out (double, int) seen))
            {
                return seen;
            }

            (double before, int steps) = i == 0 && j == 0 ? (0, 0) : new[] { At(i - 1, j - 1), At(i, j - 1), At(i - 1, j) }.MinBy(c => c.Item1);
            known[(i, j)] = (before + Angle(a, i, b, j), steps + 1);
            return known[(i, j)];
        }
    }

    private static double Angle(Tensor a, int i, Tensor b, int j)
    {
        double dot = 0, left = 0, right = 0;
        for (int d = 0; d < a.Shape[1]; d++)
        {
            dot += (double)a[i, d] * b[j, d];
            left += (double)a[i, d] * a[i, d];
            right += (double)b[j, d] * b[j, d];
        }

        return Math.Acos(Math.Clamp(dot / Math.Sqrt(left * right), -1, 1)) / Math.PI;
    }
}
