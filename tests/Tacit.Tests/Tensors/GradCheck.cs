using System.Globalization;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Tensors;

/// <summary>
/// Holds an operator to a naive double-precision reference: its values to the reference's values, its gradients to
/// central differences of the reference (never of the float32 kernel) under a random weighted sum as loss.
/// </summary>
/// <remarks>
/// <code>
/// new GradCheck().Run(x => Ops.MatMul(x[0], x[1]), x => Naive.MatMul(x[0], x[1], m, k, n), new Shape(m, k), new Shape(k, n));
/// </code>
/// One call checks: forward; all gradients at once; each gradient alone (the other inputs constant); gradients that are
/// added to (the operator run twice on the same inputs); the same tensor passed for every pair of inputs of one shape;
/// that no kernel relies on the content of fresh memory or writes behind a tensor's end (memory is filled with NaN
/// before, and the floats behind every result are looked at after).
/// </remarks>
public sealed class GradCheck
{
    private const int Behind = 16;

    /// <summary>Allowed error of a value, relative to the largest reference value (at least 1).</summary>
    public double Tolerance { get; init; } = 2e-6;

    /// <summary>Allowed error of a gradient, relative to the largest difference quotient (at least 1).</summary>
    public double GradientTolerance { get; init; } = 2e-5;

    /// <summary>Maps standard normal numbers to where the operator is defined and smooth; gets (input, value).</summary>
    public Func<int, double, double> Domain { get; init; } = (_, x) => x;

    /// <summary>Inputs that never require a gradient.</summary>
    public int[] Constants { get; init; } = [];

    /// <summary>Whether to pass one tensor for two inputs of the same shape.</summary>
    public bool Share { get; init; } = true;

    /// <summary>Whether to run the operator twice on the same inputs (not where each call draws random numbers of its own).</summary>
    public bool Twice { get; init; } = true;

    /// <summary>Difference quotients are taken at no more than this many places of an input.</summary>
    public int Places { get; init; } = 40;

    public void Run(Func<Tensor[], Tensor> op, Func<double[][], double[]> reference, params Shape[] shapes)
    {
        double[][] values = Draw(shapes);
        Check("all inputs", op, reference, values, shapes, [.. shapes.Select((_, i) => i)], Requires(shapes.Length, -1), times: 1);
        if (Twice)
        {
            Check("inputs used in two places", op, reference, values, shapes, [.. shapes.Select((_, i) => i)], Requires(shapes.Length, -1), times: 2);
        }

        for (int i = 0; i < shapes.Length && shapes.Length > 1; i++)
        {
            if (!Constants.Contains(i))
            {
                Check($"input {i} alone", op, reference, values, shapes, [.. shapes.Select((_, j) => j)], Requires(shapes.Length, i), times: 1);
            }

            for (int j = i + 1; j < shapes.Length && Share; j++)
            {
                if (shapes[i] == shapes[j] && !Constants.Contains(i) && !Constants.Contains(j))
                {
                    int[] slots = [.. shapes.Select((_, k) => k == j ? i : k)];
                    Check($"inputs {i} and {j} the same tensor", op, reference, values, shapes, slots, Requires(shapes.Length, -1), times: 1);
                }
            }
        }
    }

    private bool[] Requires(int inputs, int only) => [.. Enumerable.Range(0, inputs).Select(i => !Constants.Contains(i) && (only < 0 || only == i))];

    private double[][] Draw(Shape[] shapes)
    {
        var values = new double[shapes.Length][];
        for (int i = 0; i < shapes.Length; i++)
        {
            var normal = new float[shapes[i].Length];
            Philox.FillNormal(normal, 7, (ulong)i, normal.Length);
            // Rounded to float32, so that the operator and the reference see the very same numbers.
            values[i] = [.. normal.Select(x => (double)(float)Domain(i, x))];
        }

        return values;
    }

    private void Check(
        string what,
        Func<Tensor[], Tensor> op,
        Func<double[][], double[]> reference,
        double[][] values,
        Shape[] shapes,
        int[] slots,
        bool[] requires,
        int times)
    {
        what = $"{string.Join(' ', shapes.Select(s => s.ToString()))}, {what}";
        double[][] seen = [.. slots.Select(s => values[s])];
        double[] expected = reference(seen);
        var weights = new float[expected.Length];
        Philox.FillNormal(weights, 8, 0, weights.Length);

        Poison();
        using Scope scope = Scope.Gradient();
        Tensor?[] made = new Tensor?[shapes.Length];
        for (int i = 0; i < shapes.Length; i++)
        {
            made[i] = slots[i] == i ? Make(values[i], shapes[i], requires[i]) : null;
        }

        Tensor[] inputs = [.. slots.Select(s => made[s]!)];
        var results = new Tensor[times];
        for (int t = 0; t < times; t++)
        {
            results[t] = op(inputs);
            Same($"value ({what})", expected, results[t].ToArray(), Tolerance);
            NothingBehind(what, results[t]);
        }

        if (!requires.Any(r => r))
        {
            return;
        }

        scope.Backward(WeightedSum.Of(weights, results));
        double[] total = [.. weights.Select(w => (double)w * times)];
        for (int i = 0; i < inputs.Length; i++)
        {
            if (slots[i] != i || !requires[i])
            {
                continue;
            }

            Assert.True(inputs[i].HasGradient, $"input {i} got no gradient ({what})");
            float[] gradient = inputs[i].GradientSpan.ToArray();
            (int[] places, double[] differences) = Differences(reference, seen, slots, i, total);
            Same($"gradient of input {i} ({what})", differences, [.. places.Select(p => gradient[p])], GradientTolerance, places);
            Assert.All(gradient, g => Assert.True(float.IsFinite(g), $"gradient of input {i} holds {g} ({what})"));
            GradientBehind(what, inputs[i]);
        }
    }

    /// <summary>Leaves NaN in the arena's memory, as an earlier step would leave numbers.</summary>
    private static void Poison()
    {
        using Scope scope = Scope.NoGradient();
        Tensor.Full(new Shape(900_000), float.NaN);
    }

    private static unsafe Tensor Make(double[] values, Shape shape, bool requires)
    {
        Tensor x = requires ? Tensor.Parameter(shape) : Tensor.Lasting(shape);
        for (int i = 0; i < values.Length; i++)
        {
            x.Data[i] = (float)values[i];
        }

        new Span<float>(x.Data + values.Length, Behind).Fill(float.NaN);
        if (requires)
        {
            Gradient g = x.GradientTarget();
            new Span<float>(g.Data, values.Length + Behind).Fill(float.NaN);
            x.ClearGradient();
        }

        return x;
    }

    private static unsafe void NothingBehind(string what, Tensor y)
    {
        foreach (float x in new Span<float>(y.Data + y.Length, Behind))
        {
            Assert.True(float.IsNaN(x), $"something was written behind the result's end ({what})");
        }
    }

    private static unsafe void GradientBehind(string what, Tensor x)
    {
        foreach (float g in new Span<float>(x.GradientData + x.Length, Behind))
        {
            Assert.True(float.IsNaN(g), $"something was written behind a gradient's end ({what})");
        }
    }

    private (int[] Places, double[] Differences) Differences(
        Func<double[][], double[]> reference, double[][] values, int[] slots, int input, double[] weights)
    {
        int length = values[input].Length;
        int[] places = length <= Places
            ? [.. Enumerable.Range(0, length)]
            : [.. Philox.Permutation(length, 9, 0, 0).Take(Places - 1).Append(length - 1).Distinct()];
        var differences = new double[places.Length];
        int kinks = 0;
        for (int i = 0; i < places.Length; i++)
        {
            double x = values[input][places[i]];
            double h = 1e-5 * Math.Max(1, Math.Abs(x));
            double above = Loss(x + h), here = Loss(x), below = Loss(x - h);
            differences[i] = (above - below) / (2 * h);
            if (Math.Abs(above - (2 * here) + below) / h > 1e-2 * Math.Max(1, Math.Abs(differences[i])))
            {
                // A kink (a ReLU's, a maximum's) lies within the step: there is no derivative to compare with.
                differences[i] = double.NaN;
                kinks++;
            }

            double Loss(double moved)
            {
                double[] changed = [.. values[input]];
                changed[places[i]] = moved;
                double[] y = reference([.. slots.Select((s, k) => s == input ? changed : values[k])]);
                double sum = 0;
                for (int k = 0; k < y.Length; k++)
                {
                    sum += weights[k] * y[k];
                }

                return sum;
            }
        }

        Assert.True(kinks <= 1 + (places.Length / 8), $"the reference has kinks at {kinks} of {places.Length} places; choose a smoother domain");
        int[] smooth = [.. Enumerable.Range(0, places.Length).Where(i => !double.IsNaN(differences[i]))];
        return ([.. smooth.Select(i => places[i])], [.. smooth.Select(i => differences[i])]);
    }

    private static void Same(string what, double[] expected, float[] actual, double tolerance, int[]? places = null)
    {
        Assert.True(expected.Length == actual.Length, $"{what}: {actual.Length} numbers, expected {expected.Length}");
        double scale = Math.Max(1, expected.Length == 0 ? 1 : expected.Max(Math.Abs));
        for (int i = 0; i < expected.Length; i++)
        {
            if (!(Math.Abs(expected[i] - actual[i]) <= tolerance * scale))
            {
                Assert.Fail(string.Create(CultureInfo.InvariantCulture, $"{what} at {places?[i] ?? i}: {actual[i]}, expected {expected[i]}"));
            }
        }
    }
}

/// <summary>Σ w·y over one or more tensors: a loss that depends on no operator under test.</summary>
internal sealed unsafe class WeightedSum : Node
{
    private readonly float[] weights;
    private readonly Tensor[] terms;

    private WeightedSum(float[] weights, Tensor[] terms, Tensor sum)
        : base("WeightedSum", sum)
    {
        this.weights = weights;
        this.terms = terms;
    }

    public static Tensor Of(float[] weights, params Tensor[] terms)
    {
        double sum = 0;
        foreach (Tensor y in terms)
        {
            for (int i = 0; i < weights.Length; i++)
            {
                sum += weights[i] * y.Data[i];
            }
        }

        Tensor result = Tensor.Scalar((float)sum);
        Tape.Add(new WeightedSum(weights, terms, result));
        return result;
    }

    public override void Backward()
    {
        float dy = Output.GradientData[0];
        foreach (Tensor y in terms)
        {
            Gradient g = y.GradientTarget();
            for (int i = 0; i < weights.Length; i++)
            {
                g.Data[i] = (g.Add ? g.Data[i] : 0) + (dy * weights[i]);
            }
        }
    }
}
