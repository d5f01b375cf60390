using System.Globalization;
using System.Numerics.Tensors;
using Tacit.Tensors;
using Tensor = Tacit.Tensors.Tensor;

namespace Tacit.Evaluation;

/// <summary>
/// Logistic regression on a weighted sum of layers, h = Σ softmax(a)ₗ zₗ, whose weights a are learned with it, from zeros, by L-BFGS.
/// Each layer's features z are standardised by the rows that are learned from; a has a little weight decay of its own, so that no layer's
/// share becomes 0 for good.
/// </summary>
/// <remarks>Yang et al. 2021 (SUPERB), arXiv:2105.01051, section 3. The gradient of aₗ is softmax(a)ₗ (gₗ − Σₘ softmax(a)ₘ gₘ) with gₗ = ⟨∂L/∂h, zₗ⟩.</remarks>
internal sealed class WeightedFit : ProbeFit
{
    private const double Decay = 1e-3;

    private readonly FeatureTable mixed;        // [N, D], what the weights make of the layers
    private readonly Tensor[] layers;           // [N, D] each, standardised
    private readonly Standardisation standard;  // of [N, L · D]
    private readonly Tensor gradient;           // [N, D]
    private readonly double usedCount;

    private WeightedFit(FeatureTable mixed, Tensor[] layers, Standardisation standard, bool[] used) : base(mixed, used, layers.Length)
    {
        (this.mixed, this.layers, this.standard) = (mixed, layers, standard);
        gradient = Tensor.Lasting(mixed.Values.Shape);
        usedCount = used.Count(u => u);
    }

    public override string Detail => $", layers weigh {string.Join(' ', LayerShares.Select(s => s.ToString("0.00", CultureInfo.InvariantCulture)))}";

    public override double[] LayerShares => Shares(Parameters.AsSpan(Objective.Size));

    /// <param name="table">Rows of table.Parts layers, one after the other.</param>
    /// <param name="used">The rows that are learned from.</param>
    public static WeightedFit Of(FeatureTable table, bool[] used)
    {
        var scale = new Standardisation(table.Values, used);
        Tensor[] parts = Split(table.Values, table.Parts, scale);
        Tensor sum = Tensor.Lasting(parts[0].Shape);
        Mix(parts, Shares(new double[table.Parts]), sum);
        return new WeightedFit(new FeatureTable(sum, table.Labels, table.Classes), parts, scale, used);
    }

    public override void Run(double strength, double tolerance, double[]? start = null)
    {
        Parameters.AsSpan(Objective.Size).Clear();      // what a stronger λ made of the shares is no place to begin
        start?.CopyTo(Parameters, 0);
        Objective.Regulariser = strength;
        Lbfgs.Minimise(Evaluate, Parameters, iterations: 300, tolerance);
        Mix(layers, Shares(Parameters.AsSpan(Objective.Size)), mixed.Values);
    }

    public override int[] Predict(Tensor features)
    {
        Tensor[] others = Split(features, layers.Length, standard);
        Tensor sum = Tensor.Lasting(others[0].Shape);
        Mix(others, Shares(Parameters.AsSpan(Objective.Size)), sum);
        return Objective.Predict(Parameters, sum);
    }

    internal double Evaluate(ReadOnlySpan<double> parameters, Span<double> slope)
    {
        double[] shares = Shares(parameters[Objective.Size..]);
        Mix(layers, shares, mixed.Values);
        double value = Objective.Evaluate(parameters, slope);
        Objective.FeatureGradient(gradient);

        double[] along = Array.ConvertAll(layers, Along);
        double mean = shares.Zip(along, (s, g) => s * g).Sum();
        for (int l = 0; l < layers.Length; l++)
        {
            double a = parameters[Objective.Size + l];
            slope[Objective.Size + l] = (shares[l] * (along[l] - mean)) + (Decay * a);
            value += Decay / 2 * a * a;
        }

        return value;
    }

    /// <summary>⟨∂L/∂h, z⟩, row by row.</summary>
    private double Along(Tensor z)
    {
        int width = z.Shape[1];
        double sum = 0;
        for (int i = 0; i < z.Shape[0]; i++)
        {
            sum += TensorPrimitives.Dot<float>(gradient.Span.Slice(i * width, width), z.Span.Slice(i * width, width));
        }

        return sum / usedCount;
    }

    private static double[] Shares(ReadOnlySpan<double> a)
    {
        double[] shares = new double[a.Length];
        TensorPrimitives.SoftMax(a, shares);
        return shares;
    }

    private static void Mix(Tensor[] parts, double[] shares, Tensor sum)
    {
        sum.Span.Clear();
        for (int l = 0; l < parts.Length; l++)
        {
            TensorPrimitives.MultiplyAdd(parts[l].Span, (float)shares[l], sum.Span, sum.Span);
        }
    }

    /// <summary>[N, L · D] to L of [N, D], standardised.</summary>
    private static Tensor[] Split(Tensor values, int count, Standardisation scale)
    {
        int rows = values.Shape[0], all = values.Shape[1], width = all / count;
        var parts = new Tensor[count];
        for (int l = 0; l < count; l++)
        {
            parts[l] = Tensor.Lasting(new Shape(rows, width));
            for (int i = 0; i < rows; i++)
            {
                for (int j = 0; j < width; j++)
                {
                    int from = (l * width) + j;
                    parts[l].Span[(i * width) + j] = (float)((values.Span[(i * all) + from] - scale.Mean[from]) / scale.Deviation[from]);
                }
            }
        }

        return parts;
    }
}
