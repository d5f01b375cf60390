using System.Numerics.Tensors;
using Tacit.Tensors;
using Tensor = Tacit.Tensors.Tensor;

namespace Tacit.Methods;

/// <summary>NT-Xent over chosen and weighted negatives (<see cref="NegativeOptions"/>), on the whole matrix of similarities.</summary>
/// <remarks>
/// For row i with partner p and the M negatives j that are neither i nor p nor above the cap, lᵢⱼ = cosine/T:
/// ℓ(i) = -wᵢ·lᵢₚ + log( [exp lᵢₚ, unless decoupled] + G ), where
/// G = max( (M·Σ exp((1+β)lᵢⱼ) / Σ exp(β·lᵢⱼ) - τ⁺·M·exp lᵢₚ) / (1 - τ⁺), M·exp(-1/T) ) and
/// wᵢ = 2 - exp(cosᵢₚ/σ) / mean exp(cos/σ), a constant. With β = τ⁺ = 0 and nothing left out, G is the plain sum.
/// A row that the cap leaves no negative counts for nothing.
/// </remarks>
public static class NtXentNegatives
{
    private const float Never = -1e9f;

    /// <summary>A scalar.</summary>
    /// <param name="z">[2N, D], N at least 2, pairs (i, i + N); of any length.</param>
    /// <param name="temperature">T, above 0.</param>
    /// <param name="negatives">Which, and how much each counts.</param>
    /// <param name="found">How well pairs were found among all rows.</param>
    /// <param name="leftOut">The share of negatives above the cap.</param>
    /// <exception cref="TacitException">There is no negative at all: a single pair, or a cap below every similarity.</exception>
    public static Tensor Loss(Tensor z, float temperature, NegativeOptions negatives, out NtXentStatistics found, out double leftOut)
    {
        if (z.Rank != 2 || z.Shape[0] % 2 != 0)
        {
            throw ShapeException.Unfit("NtXent", z.Shape, "it takes [2N, D], the rows of axis 0 being N first views and then their N partners");
        }

        if (!(temperature >= NtXent.SmallestTemperature))
        {
            throw new ArgumentOutOfRangeException(nameof(temperature), $"NtXent: the temperature {temperature} is too near 0; it must be at least {NtXent.SmallestTemperature}.");
        }

        int rows = z.Shape[0], pairs = rows / 2;
        if (pairs < 2)
        {
            throw new TacitException("A batch of one picture holds no negatives; give train.batch-size at least 2.");
        }

        Tensor u = Ops.L2Normalize(z);                                              // [2N, D]
        Tensor cosines = Ops.MatMul(u, u, transposeB: true);                        // [2N, 2N]
        Tensor pair = Ops.Sum(Ops.Multiply(u.Rows(0, pairs), u.Rows(pairs, pairs)), 1);
        Tensor positive = Ops.Concat(0, pair, pair);                                // [2N], row i with its partner
        Choice choice = Choose(cosines, negatives.Cap);
        if (choice.Counted == 0)
        {
            throw new TacitException($"The cap of {negatives.Cap} on the similarity leaves no negative in the whole batch; raise method.negatives.cap.");
        }

        Tensor logits = Ops.Multiply(cosines, 1 / temperature), p = Ops.Multiply(positive, 1 / temperature);
        Tensor others = LogSumExp(Ops.Add(Ops.Multiply(logits, 1 + negatives.Beta), choice.Excluded));
        if (negatives.Beta > 0)
        {
            Tensor importance = LogSumExp(Ops.Add(Ops.Multiply(logits, negatives.Beta), choice.Excluded));
            others = Ops.Add(Ops.Subtract(others, importance), choice.LogCounts);
        }

        // From here on exponentials are relative to the larger of both sides.
        Tensor top = Larger(others, p);
        Tensor g = Ops.Exp(Ops.Subtract(others, top)), own = Ops.Exp(Ops.Subtract(p, top));
        if (negatives.Debias > 0)
        {
            Tensor expected = Ops.Multiply(own, Ops.Multiply(choice.Counts, negatives.Debias));
            Tensor floor = Floor(choice.Counts, top, temperature);
            Tensor debiased = Ops.Divide(Ops.Subtract(g, expected), 1 - negatives.Debias);
            g = Ops.Add(Ops.Relu(Ops.Subtract(debiased, floor)), floor);
        }

        Tensor denominator = Ops.Add(Ops.Log(negatives.Decoupled ? g : Ops.Add(own, g)), top);
        Tensor numerator = negatives.WeightSigma > 0 ? Ops.Multiply(p, Weights(pair, negatives.WeightSigma)) : p;
        Tensor each = Ops.Multiply(Ops.Subtract(denominator, numerator), choice.Weights);
        found = Statistics(u, cosines, positive);
        leftOut = choice.LeftOut;
        return Ops.Divide(Ops.Sum(each), choice.Counted);
    }

    /// <summary>The loss when all rows are alike.</summary>
    public static double Chance(int pairs, NegativeOptions negatives) =>
        negatives.Decoupled ? Math.Log(Math.Max(1, (2 * pairs) - 2)) : NtXent.Chance(pairs);

    /// <summary>log Σ exp along each row: [R, C] to [R].</summary>
    private static Tensor LogSumExp(Tensor x)
    {
        Tensor max = Tensor.Empty(new Shape(x.Shape[0], 1));
        int columns = x.Shape[1];
        for (int i = 0; i < max.Length; i++)
        {
            max.Span[i] = TensorPrimitives.Max<float>(x.Span.Slice(i * columns, columns));
        }

        Tensor sum = Ops.Sum(Ops.Exp(Ops.Subtract(x, max)), 1);
        return Ops.Add(Ops.Log(sum), max.Reshape(-1));
    }

    private static Tensor Larger(Tensor a, Tensor b)
    {
        Tensor larger = Tensor.Empty(a.Shape);
        TensorPrimitives.Max<float>(a.Span, b.Span, larger.Span);
        return larger;
    }

    /// <summary>M·exp(-1/T), the least that M negatives can add up to, relative to exp(top).</summary>
    private static Tensor Floor(Tensor counts, Tensor top, float temperature)
    {
        Tensor floor = Tensor.Empty(counts.Shape);
        for (int i = 0; i < floor.Length; i++)
        {
            // Where that is nothing in float32, its logarithm shall still be a number.
            floor.Span[i] = Math.Max(1e-30f, (float)(counts.Span[i] * Math.Exp((-1 / temperature) - top.Span[i])));
        }

        return floor;
    }

    /// <summary>2 - exp(cos/σ)/mean for both views of every pair: [2N], constants.</summary>
    private static Tensor Weights(Tensor pair, float sigma)
    {
        int pairs = pair.Length;
        Tensor weights = Tensor.Empty(new Shape(2 * pairs));
        double mean = 0;
        for (int i = 0; i < pairs; i++)
        {
            mean += Math.Exp((pair.Span[i] - 1) / sigma) / pairs;
        }

        for (int i = 0; i < pairs; i++)
        {
            weights.Span[i] = weights.Span[i + pairs] = (float)(2 - (Math.Exp((pair.Span[i] - 1) / sigma) / mean));
        }

        return weights;
    }

    private static Choice Choose(Tensor cosines, float cap)
    {
        int rows = cosines.Shape[0];
        Tensor excluded = Tensor.Zeros(cosines.Shape), counts = Tensor.Empty(new Shape(rows));
        Tensor logCounts = Tensor.Empty(counts.Shape), some = Tensor.Empty(counts.Shape);
        long kept = 0;
        int counted = 0;
        for (int i = 0; i < rows; i++)
        {
            Span<float> row = excluded.Span.Slice(i * rows, rows), cosine = cosines.Span.Slice(i * rows, rows);
            int partner = (i + (rows / 2)) % rows, left = rows - 2;
            row[i] = row[partner] = Never;
            for (int j = 0; cap < 1 && j < rows; j++)
            {
                if (cosine[j] > cap && j != i && j != partner)
                {
                    row[j] = Never;
                    left--;
                }
            }

            kept += left;
            counted += left > 0 ? 1 : 0;
            if (left == 0)
            {
                // It will be multiplied by 0, and is to be finite until then.
                row.Clear();
            }

            counts.Span[i] = left;
            logCounts.Span[i] = MathF.Log(Math.Max(1, left));
            some.Span[i] = left > 0 ? 1 : 0;
        }

        return new Choice(excluded, counts, logCounts, some, counted, 1 - (kept / ((double)rows * (rows - 2))));
    }

    private static NtXentStatistics Statistics(Tensor u, Tensor cosines, Tensor positive)
    {
        int rows = cosines.Shape[0];
        double sum = 0, hits = 0;
        for (int i = 0; i < rows; i++)
        {
            ReadOnlySpan<float> row = cosines.Span.Slice(i * rows, rows);
            float partner = row[(i + (rows / 2)) % rows];
            float best = i == 0 ? float.NegativeInfinity : TensorPrimitives.Max(row[..i]);
            best = i == rows - 1 ? best : Math.Max(best, TensorPrimitives.Max(row[(i + 1)..]));
            hits += partner >= best ? 1 : 0;
            sum += positive.Span[i];
        }

        return new NtXentStatistics(sum / rows, NtXent.Negative(u, sum), hits / rows);
    }

    /// <summary>What the cap leaves: a large negative number at what does not count, M of each row, its logarithm, 1 where it is above 0, and how often.</summary>
    private readonly record struct Choice(Tensor Excluded, Tensor Counts, Tensor LogCounts, Tensor Weights, int Counted, double LeftOut);
}
