using Tacit.Evaluation;
using Tacit.Tensors;

namespace Tacit.Tests.Evaluation;

/// <summary>Against PyTorch in double precision: tests/oracle/logistic.py.</summary>
public sealed class LogisticTests
{
    private static readonly int[] Labels = [2, 2, 1, 0, 0, 0, 1, 2, 2, 2, 2, 1, 0, 0, 0, 1, 2, 2, 2, 2, 1, 0, 0, 0];

    [Theory]
    [InlineData(0.1, 0.572848976, new[] { 0.103097, -0.974977, -0.656527, 0.052604, -0.003374, -0.054226, -0.1557, 0.978351, 0.710753 }, new[] { -0.122255, -0.014771, 0.137026 })]
    [InlineData(0.001, 0.074310145, new[] { 0.596983, -5.760045, -3.86665, 0.001723, 0.233368, 0.130893, -0.598707, 5.526677, 3.735757 }, new[] { -2.401667, 2.296893, 0.104774 })]
    public void Reaches_the_reference_minimum(double strength, double loss, double[] weights, double[] biases)
    {
        LogisticObjective objective = Objective(Features(), Array.ConvertAll(Labels, _ => true));
        objective.Regulariser = strength;
        double[] parameters = new double[objective.Size];
        (double value, _) = Lbfgs.Minimise(objective.Evaluate, parameters, 1000, 1e-7);

        Assert.Equal(loss, value, 1e-6);
        double meanBias = parameters.AsSpan(9).ToArray().Average();
        for (int i = 0; i < 9; i++)
        {
            Assert.Equal(weights[i], parameters[i], 2e-3 * Math.Max(1, Math.Abs(weights[i])));
        }

        for (int k = 0; k < 3; k++)
        {
            Assert.Equal(biases[k], parameters[9 + k] - meanBias, 2e-3 * Math.Max(1, Math.Abs(biases[k])));
        }
    }

    [Fact]
    public void Gradient_agrees_with_central_differences()
    {
        bool[] used = [.. Labels.Select((_, i) => i % 3 != 0)];
        LogisticObjective objective = Objective(Features(), used);
        objective.Regulariser = 0.05;
        double[] at = [.. Enumerable.Range(0, objective.Size).Select(i => Math.Sin(1.7 * i))];
        double[] gradient = new double[at.Length], unused = new double[at.Length];
        objective.Evaluate(at, gradient);
        for (int i = 0; i < at.Length; i++)
        {
            double x = at[i];
            at[i] = x + 1e-3;
            double above = objective.Evaluate(at, unused);
            at[i] = x - 1e-3;
            double below = objective.Evaluate(at, unused);
            at[i] = x;
            Assert.Equal((above - below) / 2e-3, gradient[i], 2e-4);
        }
    }

    [Fact]
    public void Rows_held_out_change_nothing_but_the_held_out_loss()
    {
        bool[] used = [.. Labels.Select((_, i) => i < 16)];
        Tensor changed = Features();
        changed.Span[(16 * 3)..].Fill(7);
        double[] at = [.. Enumerable.Range(0, 12).Select(i => Math.Cos(i))];
        double[] a = new double[12], b = new double[12];
        LogisticObjective before = Objective(Features(), used), after = Objective(changed, used);

        Assert.Equal(before.Evaluate(at, a), after.Evaluate(at, b));
        Assert.Equal(a, b);
        Assert.NotEqual(before.HeldOutLoss(at), after.HeldOutLoss(at));
    }

    [Fact]
    public void Features_far_from_zero_fit_as_well()
    {
        // The means are folded into the biases: nothing may be lost to cancellation.
        Tensor moved = Features();
        for (int i = 0; i < moved.Length; i++)
        {
            moved.Span[i] = (moved.Span[i] * 0.5f) + 30;
        }

        LogisticObjective objective = Objective(moved, Array.ConvertAll(Labels, _ => true));
        objective.Regulariser = 0.1;
        (double value, _) = Lbfgs.Minimise(objective.Evaluate, new double[objective.Size], 1000, 1e-6);

        Assert.Equal(0.572848976, value, 1e-4);
    }

    private static LogisticObjective Objective(Tensor x, bool[] used) => new(x, Labels, 3, used, new Standardisation(x, used));

    private static Tensor Features()
    {
        Tensor x = Tensor.Lasting(new Shape(Labels.Length, 3));
        for (int i = 0; i < Labels.Length; i++)
        {
            for (int j = 0; j < 3; j++)
            {
                x[i, j] = (float)(Math.Sin((0.7 * i) + (1.3 * j)) + (0.1 * j));
            }
        }

        return x;
    }
}
