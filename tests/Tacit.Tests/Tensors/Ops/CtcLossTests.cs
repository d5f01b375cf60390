using Tacit.Tensors;
using Tacit.Tests.Models;
using Xunit;
using Ops = Tacit.Tensors.Ops;

namespace Tacit.Tests.Tensors;

public sealed class CtcLossTests
{
    private static readonly int[] Lengths = [12, 9, 7, 4];
    private static readonly int[][] Targets = [[1, 2, 3, 3, 4], [5], [2, 2, 2], []];

    [Theory]
    [InlineData("ctc.mean", CtcReduction.Mean)]
    [InlineData("ctc.sum", CtcReduction.Sum)]
    public void Value_and_gradient_are_torchs(string label, CtcReduction reduction)
    {
        Tensor x = Logits();
        x.Span[^1] = float.NaN;         // padding
        using Scope scope = Scope.Gradient();
        Tensor y = Ops.CtcLoss(x, Lengths, Targets, reduction: reduction);
        scope.Backward(y);
        Oracle.AssertClose(SequenceOracle.Expected[$"{label}.y"].Span, y.Span, 1e-6);
        Oracle.AssertClose(SequenceOracle.Expected[$"{label}.dx"].Span, x.GradientSpan, 1e-6);
    }

    /// <summary>All alignments of a short case, one by one.</summary>
    [Fact]
    public void Adds_up_every_alignment()
    {
        const int Frames = 4, Symbols = 3;
        int[][][] cases = [[[2]], [[1, 1]], [[1, 2]], [[]]];
        foreach (int[][] targets in cases)
        {
            new GradCheck { Constants = [], Twice = true }.Run(
                x => Ops.CtcLoss(x[0], [Frames], targets, blank: 0),
                x => [-Math.Log(Probability(x[0], targets[0])) / Math.Max(1, targets[0].Length)],
                new Shape(1, Frames, Symbols));
        }

        static double Probability(double[] logits, int[] target)
        {
            double total = 0;
            for (int path = 0; path < 81; path++)
            {
                int[] symbols = [path % 3, path / 3 % 3, path / 9 % 3, path / 27];
                int[] spelled = [.. symbols.Where((s, t) => s != 0 && (t == 0 || symbols[t - 1] != s))];
                if (spelled.SequenceEqual(target))
                {
                    total += symbols.Select((s, t) => Math.Exp(logits[(3 * t) + s]) / Enumerable.Range(0, 3).Sum(k => Math.Exp(logits[(3 * t) + k]))).Aggregate(1.0, (a, b) => a * b);
                }
            }

            return total;
        }
    }

    [Fact]
    public void Targets_that_need_more_frames_are_refused_or_count_as_zero()
    {
        // Three equal symbols need two blanks between them.
        Tensor x = Logits();
        int[][] tooMany = [[1], [5], [2, 2, 2, 2], [1]];
        Assert.Equal(
            "CTC: item 2 has 6 frames, but its 4 targets need at least 7; leave it out, or count it as 0 (zeroInfinity).",
            Assert.Throws<TacitException>(() => Ops.CtcLoss(x, [12, 9, 6, 4], tooMany)).Message);

        using Scope scope = Scope.Gradient();
        Tensor y = Ops.CtcLoss(x, [12, 9, 6, 4], tooMany, zeroInfinity: true);
        scope.Backward(y);

        float rest = 0;
        foreach (int n in (int[])[0, 1, 3])
        {
            rest += Ops.CtcLoss(x.Rows(n, 1).Detach(), [new[] { 12, 9, 6, 4 }[n]], [tooMany[n]]).ToScalar();
        }

        Assert.Equal(rest / 4, y.ToScalar(), 1e-5f);
        Assert.All(x.GradientSpan.Slice(2 * 72, 72).ToArray(), g => Assert.Equal(0, g));
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Tensor x = Logits();
        Assert.Contains("target 1 of item 0 is 6", Assert.Throws<ShapeException>(() => Ops.CtcLoss(x, Lengths, [[1, 6], [], [], []])).Message, StringComparison.Ordinal);
        Assert.Contains("blank", Assert.Throws<ShapeException>(() => Ops.CtcLoss(x, Lengths, [[0], [], [], []])).Message, StringComparison.Ordinal);
        Assert.Throws<ShapeException>(() => Ops.CtcLoss(x, [13, 1, 1, 1], Targets));
        Assert.Throws<ShapeException>(() => Ops.CtcLoss(x, [1, 1, 1], Targets));
    }

    private static Tensor Logits()
    {
        Tensor x = Tensor.Parameter(new Shape(4, 12, 6));
        Hashed.Singles(x.Length, 1000, 3).CopyTo(x.Span);
        return x;
    }
}
