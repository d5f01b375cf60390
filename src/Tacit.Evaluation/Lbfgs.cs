using System.Numerics.Tensors;

namespace Tacit.Evaluation;

/// <summary>A function to be minimised: returns its value at <paramref name="x"/> and writes its gradient there.</summary>
public delegate double Objective(ReadOnlySpan<double> x, Span<double> gradient);

/// <summary>Limited-memory BFGS with a line search for the strong Wolfe conditions; deterministic, in double precision.</summary>
/// <remarks>Nocedal and Wright, "Numerical Optimization", 2nd ed., algorithms 7.4 (two loops), 3.5 and 3.6 (bracket and zoom).</remarks>
public static class Lbfgs
{
    private const int History = 10;
    private const double SufficientDecrease = 1e-4;
    private const double Curvature = 0.9;
    private const int SearchLimit = 25;

    /// <summary>Minimises in place.</summary>
    /// <param name="objective">Smooth.</param>
    /// <param name="x">Where to begin; where it ended.</param>
    /// <param name="iterations">At most so many steps.</param>
    /// <param name="tolerance">Stops when no component of the gradient is larger.</param>
    /// <returns>The value reached and the steps taken.</returns>
    public static (double Value, int Iterations) Minimise(Objective objective, Span<double> x, int iterations = 200, double tolerance = 1e-6)
    {
        int n = x.Length;
        var pairs = new List<Pair>(History);
        double[] gradient = new double[n], direction = new double[n], nextX = new double[n], nextGradient = new double[n];
        double value = objective(x, gradient);
        for (int iteration = 0; iteration < iterations; iteration++)
        {
            if (LargestAbsolute(gradient) <= tolerance)
            {
                return (value, iteration);
            }

            Direction(pairs, gradient, direction);
            double slope = Dot(gradient, direction);
            if (slope >= 0)
            {
                // Rounding has spoilt the history: begin again downhill.
                pairs.Clear();
                Direction(pairs, gradient, direction);
                slope = Dot(gradient, direction);
            }

            double first = pairs.Count == 0 ? Math.Min(1, 1 / Math.Max(1e-12, AbsoluteSum(gradient))) : 1;
            var search = new LineSearch(objective, x, direction, value, slope, nextX, nextGradient);
            double next = search.Run(first);
            if (!(next < value))
            {
                return (value, iteration);     // no further decrease at this precision
            }

            Remember(pairs, x, nextX, gradient, nextGradient);
            nextX.CopyTo(x);
            (gradient, nextGradient) = (nextGradient, gradient);
            value = next;
        }

        return (value, iterations);
    }

    /// <summary>−H·gradient by the two loops over the remembered pairs.</summary>
    private static void Direction(List<Pair> pairs, double[] gradient, double[] direction)
    {
        TensorPrimitives.Negate(gradient, direction);

        Span<double> alpha = stackalloc double[History];
        for (int p = pairs.Count - 1; p >= 0; p--)
        {
            alpha[p] = pairs[p].Rho * Dot(pairs[p].Step, direction);
            AddScaled(direction, -alpha[p], pairs[p].Change);
        }

        if (pairs.Count > 0)
        {
            Pair last = pairs[^1];
            double scale = 1 / (last.Rho * Dot(last.Change, last.Change));
            TensorPrimitives.Multiply(direction, scale, direction);
        }

        for (int p = 0; p < pairs.Count; p++)
        {
            double beta = pairs[p].Rho * Dot(pairs[p].Change, direction);
            AddScaled(direction, alpha[p] - beta, pairs[p].Step);
        }
    }

    private static void Remember(List<Pair> pairs, ReadOnlySpan<double> x, double[] nextX, double[] gradient, double[] nextGradient)
    {
        Pair pair = pairs.Count == History ? pairs[0] : new Pair(x.Length);
        TensorPrimitives.Subtract(nextX, x, pair.Step);
        TensorPrimitives.Subtract(nextGradient, gradient, pair.Change);

        double product = Dot(pair.Step, pair.Change);
        if (product <= 1e-12 * Dot(pair.Change, pair.Change))
        {
            if (pairs.Count == History)
            {
                pairs.RemoveAt(0);      // its memory was overwritten
            }

            return;
        }

        pair.Rho = 1 / product;
        if (pairs.Count == History)
        {
            pairs.RemoveAt(0);
        }

        pairs.Add(pair);
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b) => TensorPrimitives.Dot(a, b);

    private static void AddScaled(double[] to, double factor, double[] what) => TensorPrimitives.MultiplyAdd(what, factor, to, to);

    private static double LargestAbsolute(double[] values) => Math.Abs(TensorPrimitives.MaxMagnitude<double>(values));

    private static double AbsoluteSum(double[] values) => TensorPrimitives.SumOfMagnitudes<double>(values);

    /// <summary>One step taken and the change of gradient along it.</summary>
    private sealed class Pair(int n)
    {
        public double[] Step { get; } = new double[n];

        public double[] Change { get; } = new double[n];

        public double Rho { get; set; }
    }

    /// <summary>The value along one direction, and the search for a point that satisfies the strong Wolfe conditions.</summary>
    private readonly ref struct LineSearch(
        Objective objective, ReadOnlySpan<double> x, double[] direction, double start, double startSlope, double[] nextX, double[] nextGradient)
    {
        private readonly ReadOnlySpan<double> x = x;

        /// <returns>The value at the point found, which <c>nextX</c> and <c>nextGradient</c> then hold; the start's value or more where none was found.</returns>
        public double Run(double length)
        {
            double before = 0, beforeValue = start, beforeSlope = startSlope;
            double value = start;
            for (int i = 0; i < SearchLimit; i++)
            {
                value = At(length, out double slope);
                if (!(value <= start + (SufficientDecrease * length * startSlope)) || (i > 0 && value >= beforeValue))
                {
                    return Zoom(before, beforeValue, beforeSlope, length, value);
                }

                if (Math.Abs(slope) <= -Curvature * startSlope)
                {
                    return value;
                }

                if (slope >= 0)
                {
                    return Zoom(length, value, slope, before, beforeValue);
                }

                (before, beforeValue, beforeSlope) = (length, value, slope);
                length *= 2;
            }

            return value;
        }

        private double Zoom(double low, double lowValue, double lowSlope, double high, double highValue)
        {
            for (int i = 0; i < SearchLimit; i++)
            {
                // The minimum of the parabola through both values and the lower end's slope, kept off the ends.
                double width = high - low;
                double bend = highValue - lowValue - (lowSlope * width);
                double share = bend > 0 && double.IsFinite(bend) ? -lowSlope * width / (2 * bend) : 0.5;
                double length = low + (Math.Clamp(share, 0.1, 0.9) * width);
                double value = At(length, out double slope);
                if (!(value <= start + (SufficientDecrease * length * startSlope)) || value >= lowValue)
                {
                    (high, highValue) = (length, value);
                    continue;
                }

                if (Math.Abs(slope) <= -Curvature * startSlope)
                {
                    return value;
                }

                if (slope * width >= 0)
                {
                    (high, highValue) = (low, lowValue);
                }

                (low, lowValue, lowSlope) = (length, value, slope);
            }

            return At(low, out _);
        }

        private double At(double length, out double slope)
        {
            TensorPrimitives.MultiplyAdd(direction, length, x, nextX);

            double value = objective(nextX, nextGradient);
            slope = Dot(nextGradient, direction);
            return double.IsNaN(value) ? double.PositiveInfinity : value;
        }
    }
}
