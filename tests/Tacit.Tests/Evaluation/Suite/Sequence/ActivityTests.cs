using Tacit.Evaluation.Suite.Sequence;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Evaluation.Suite.Sequence;

public sealed class ActivityTests
{
    private static readonly int[] Lengths = [5, 3];

    private static bool[][][] Spoken(int speakers) => [.. Lengths.Select((length, n) =>
        Enumerable.Range(0, speakers).Select(s => Hashed.Doubles(length, (n * 10) + s).Select(v => v > 0).ToArray()).ToArray())];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_loss_is_that_of_the_best_order_of_all(int speakers)
    {
        bool[][][] spoken = Spoken(speakers);
        Tensor logits = Tensor.From(Hashed.Singles(2 * 5 * speakers, 7, 3), new Shape(2, 5, speakers));
        double expected = Lengths.Select((length, n) => Orders([.. Enumerable.Range(0, speakers)]).Min(order => Enumerable.Range(0, length * speakers).Sum(i =>
        {
            (int t, int k) = (i / speakers, i % speakers);
            double p = 1 / (1 + Math.Exp(-logits[n, t, k]));
            return -Math.Log(spoken[n][order[k]][t] ? p : 1 - p);
        }))).Sum() / (8 * speakers);
        Assert.Equal(expected, PermutationLoss.Of(logits, Lengths, spoken).ToScalar(), 1e-5);
    }

    [Fact]
    public void The_gradient_is_p_less_y_in_that_order_and_nothing_beyond_the_end()
    {
        Tensor logits = Tensor.Parameter(new Shape(2, 5, 2));
        Hashed.Singles(20, 3, 2).CopyTo(logits.Span);
        logits[0, 0, 0] = 200;          // nothing overflows
        bool[][][] spoken = Spoken(2);
        using Scope scope = Scope.Gradient();
        scope.Backward(PermutationLoss.Of(logits, Lengths, spoken));
        for (int n = 0; n < 2; n++)
        {
            double Sum(int[] order) => Enumerable.Range(0, 2 * Lengths[n]).Sum(i => spoken[n][order[i % 2]][i / 2] ? logits[n, i / 2, i % 2] : 0);
            int[] best = Sum([0, 1]) > Sum([1, 0]) ? [0, 1] : [1, 0];
            for (int t = 0; t < 5; t++)
            {
                for (int k = 0; k < 2; k++)
                {
                    double expected = t >= Lengths[n] ? 0 : ((1 / (1 + Math.Exp(-logits[n, t, k]))) - (spoken[n][best[k]][t] ? 1 : 0)) / 16;
                    Assert.Equal(expected, logits.GradientSpan[(((n * 5) + t) * 2) + k], 1e-6);
                }
            }
        }
    }

    [Fact]
    public void Decisions_by_threshold_and_median()
    {
        // Probabilities about 0.27, 0.5, 0.73; above 0.4 the last two, above 0.6 the last.
        Tensor logits = Tensor.From([-1, 0, 1, -1, 1, 1, 1, -1], new Shape(8, 1));
        Assert.Equal("01101110", Bits(Diarization.Decide(logits, 0.4, 1)[0]));
        Assert.Equal("00101110", Bits(Diarization.Decide(logits, 0.6, 1)[0]));
        Assert.Equal("01111110", Bits(Diarization.Decide(logits, 0.4, 3)[0]));
        Assert.Equal("00011110", Bits(Diarization.Decide(logits, 0.6, 3)[0]));

        static string Bits(bool[] values) => string.Concat(values.Select(v => v ? '1' : '0'));
    }

    [Fact]
    public void Counts_of_states()
    {
        // Speech, called so: 1, 2; called so only: 0; speech only: 4; neither: 3.
        var count = VoiceActivity.Count.Of([1f, 0, 2, -1, -1], [false, true, true, false, true]);
        Assert.Equal(new VoiceActivity.Count(2, 1, 1, 1), count);
        Assert.Equal(2.0 / 3, count.F1, 1e-12);        // precision and recall 2/3
        Assert.Equal(0.6, count.Accuracy, 1e-12);
        Assert.Equal(1, VoiceActivity.Count.Of([-1f], [false]).F1);
    }

    private static IEnumerable<int[]> Orders(int[] rest) => rest.Length == 0 ? [[]] : rest.SelectMany(first => Orders([.. rest.Where(x => x != first)]).Select(tail => (int[])[first, .. tail]));
}
