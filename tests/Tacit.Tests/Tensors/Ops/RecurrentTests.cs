using Tacit.Tensors;
using Xunit;
using Ops = Tacit.Tensors.Ops;

namespace Tacit.Tests.Tensors;

/// <summary>Recurrent layers against their formulas in double precision.</summary>
public sealed class RecurrentTests
{
    public static TheoryData<int, int, int, int> Sizes => new()
    {
        { 1, 1, 1, 1 },
        { 2, 3, 1, 15 },
        { 3, 4, 5, 16 },
        { 5, 2, 3, 17 },
        { 9, 3, 7, 7 },
        { 50, 2, 3, 2 },        // more rows than a block
        { 9, 2, 4, 83 },        // a step that is shared out, panels of every width
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Gru(int items, int frames, int input, int hidden) => Run(3, items, frames, input, hidden, Ops.Gru, GruUnit);

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Lstm(int items, int frames, int input, int hidden) => Run(4, items, frames, input, hidden, Ops.Lstm, LstmUnit);

    private static void Run(
        int gates, int items, int frames, int input, int hidden, Func<Tensor, RecurrentWeights?, RecurrentWeights?, int[]?, Tensor> op, Unit unit)
    {
        int[] lengths = [.. Enumerable.Range(0, items).Select(n => frames - (n % (frames + 1)))];
        var x = new Shape(items, frames, input);
        Shape[] weights = [new(gates * hidden, input), new(gates * hidden, hidden), new(gates * hidden), new(gates * hidden)];
        var weight = (Tensor[] t, int first) => new RecurrentWeights(t[first], t[first + 1], t[first + 2], t[first + 3]);
        // Sums over frames and the recurrence itself carry float32's rounding along.
        bool large = items * hidden > 200;
        var check = new GradCheck { Tolerance = 1e-5, GradientTolerance = 1e-4, Places = large ? 3 : 8, Domain = (input, value) => input == 0 ? value : 0.5 * value };
        check.Run(t => op(t[0], weight(t, 1), null, null), v => One(v, 1, false, null), [x, .. weights]);
        check.Run(t => op(t[0], null, weight(t, 1), lengths), v => One(v, 1, true, lengths), [x, .. weights]);
        if (!large)
        {
            var both = new GradCheck { Tolerance = 1e-5, GradientTolerance = 1e-4, Places = 4, Share = false, Domain = check.Domain };
            both.Run(
                t => op(t[0], weight(t, 1), weight(t, 5), lengths),
                v => Join(One(v, 1, false, lengths), One(v, 5, true, lengths), hidden),
                [x, .. weights, .. weights]);
        }

        double[] One(double[][] v, int first, bool reverse, int[]? ends)
        {
            var y = new double[items * frames * hidden];
            for (int n = 0; n < items; n++)
            {
                double[] h = new double[hidden], c = new double[hidden];
                int end = ends?[n] ?? frames;
                for (int step = 0; step < end; step++)
                {
                    int t = reverse ? end - 1 - step : step;
                    double[] seen = v[0][(((n * frames) + t) * input)..(((n * frames) + t + 1) * input)];
                    double[] fromInput = Affine(v[first], seen, v[first + 2]), fromState = Affine(v[first + 1], h, v[first + 3]);
                    h = [.. Enumerable.Range(0, hidden).Select(j => unit(fromInput, fromState, h[j], ref c[j], hidden, j))];
                    h.CopyTo(y, ((n * frames) + t) * hidden);
                }
            }

            return y;
        }
    }

    private delegate double Unit(double[] a, double[] b, double h, ref double c, int hidden, int j);

    private static double GruUnit(double[] a, double[] b, double h, ref double c, int hidden, int j)
    {
        double r = Sigmoid(a[j] + b[j]), z = Sigmoid(a[hidden + j] + b[hidden + j]);
        double n = Math.Tanh(a[(2 * hidden) + j] + (r * b[(2 * hidden) + j]));
        return ((1 - z) * n) + (z * h);
    }

    private static double LstmUnit(double[] a, double[] b, double h, ref double c, int hidden, int j)
    {
        double Sum(int gate) => a[(gate * hidden) + j] + b[(gate * hidden) + j];
        c = (Sigmoid(Sum(1)) * c) + (Sigmoid(Sum(0)) * Math.Tanh(Sum(2)));
        return Sigmoid(Sum(3)) * Math.Tanh(c);
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static double[] Affine(double[] weight, double[] x, double[] bias)
    {
        double[] y = [.. bias];
        for (int i = 0; i < y.Length; i++)
        {
            for (int k = 0; k < x.Length; k++)
            {
                y[i] += weight[(i * x.Length) + k] * x[k];
            }
        }

        return y;
    }

    /// <summary>Features of two directions side by side.</summary>
    private static double[] Join(double[] a, double[] b, int hidden) =>
        [.. Enumerable.Range(0, a.Length / hidden).SelectMany(row => a[(row * hidden)..((row + 1) * hidden)].Concat(b[(row * hidden)..((row + 1) * hidden)]))];
}
