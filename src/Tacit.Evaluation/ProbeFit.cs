using Tacit.Tensors;

namespace Tacit.Evaluation;

/// <summary>One logistic regression being fitted to some rows of a table, for one strength of regularisation after another.</summary>
internal abstract class ProbeFit
{
    /// <param name="table">The features.</param>
    /// <param name="used">The rows that are learned from.</param>
    /// <param name="more">Numbers that are learned behind weights and biases.</param>
    protected ProbeFit(FeatureTable table, bool[] used, int more = 0)
    {
        Scale = new Standardisation(table.Values, used);
        Objective = new LogisticObjective(table.Values, table.Labels, table.Classes.Count, used, Scale);
        Parameters = new double[Objective.Size + more];
    }

    protected Standardisation Scale { get; }

    protected LogisticObjective Objective { get; }

    /// <summary>Weights [K, D] for standardised features, then biases [K].</summary>
    protected double[] Parameters { get; }

    public static ProbeFit Begin(ProbeSolver solver, FeatureTable table, bool[] used, ulong seed) =>
        table.Parts > 1 ? WeightedFit.Of(table, used) : solver == ProbeSolver.Lbfgs ? new LbfgsFit(table, used) : new SgdFit(table, used, seed);

    /// <summary>Fits with one strength λ.</summary>
    /// <param name="strength">λ</param>
    /// <param name="tolerance">Largest component of the gradient at the end, for a solver that goes to the minimum.</param>
    /// <param name="start">Where to begin, for a solver to which that matters; null where the strength before ended.</param>
    public abstract void Run(double strength, double tolerance, double[]? start = null);

    /// <summary>What was found beside weights and biases, for people; empty where there is nothing.</summary>
    public virtual string Detail => "";

    /// <summary>Each layer's share of the sum that is probed; null where no layers are weighed.</summary>
    public virtual double[]? LayerShares => null;

    /// <summary>A copy of what was found.</summary>
    public double[] Solution() => [.. Parameters];

    /// <summary>Mean cross-entropy of the rows that were held out.</summary>
    public double HeldOutLoss() => Objective.HeldOutLoss(Parameters);

    public virtual int[] Predict(Tensor features) => Objective.Predict(Parameters, features);
}

/// <summary>To the minimum by L-BFGS, from wherever the strength before ended.</summary>
internal sealed class LbfgsFit(FeatureTable table, bool[] used) : ProbeFit(table, used)
{
    public override void Run(double strength, double tolerance, double[]? start = null)
    {
        start?.CopyTo(Parameters, 0);
        Objective.Regulariser = strength;
        Lbfgs.Minimise(Objective.Evaluate, Parameters, iterations: 300, tolerance);
    }
}

/// <summary>
/// Stochastic gradient descent from zero: batches of 256, momentum 0.9, a cosine schedule over at least 100 passes and 1,000 steps; λ is the
/// weight decay. The rate is the inverse of the largest eigenvalue of the features' covariance, so that it suits any encoder.
/// </summary>
internal sealed class SgdFit : ProbeFit
{
    private const int BatchSize = 256;
    private const int Passes = 100;
    private const int FewestSteps = 1000;
    private const double Momentum = 0.9;

    private readonly FeatureTable table;
    private readonly int[] rows;
    private readonly ulong seed;
    private readonly Tensor batch;              // [B, D]
    private readonly int[] batchLabels;
    private readonly LogisticObjective batchObjective;
    private readonly double rate;

    public SgdFit(FeatureTable table, bool[] used, ulong seed) : base(table, used)
    {
        this.table = table;
        this.seed = seed;
        rows = [.. Enumerable.Range(0, table.Count).Where(i => used[i])];
        int size = Math.Min(BatchSize, rows.Length);
        batch = Tensor.Lasting(new Shape(size, table.Dim));
        batchLabels = new int[size];
        batchObjective = new LogisticObjective(batch, batchLabels, table.Classes.Count, Array.ConvertAll(batchLabels, _ => true), Scale);
        rate = 1 / Scale.LargestEigenvalue(table.Values);
    }

    public override void Run(double strength, double tolerance, double[]? start = null)
    {
        batchObjective.Regulariser = strength;
        Array.Clear(Parameters);
        double[] gradient = new double[Parameters.Length], velocity = new double[Parameters.Length];
        int stepsPerPass = rows.Length / batchLabels.Length;
        int steps = Math.Max(FewestSteps, Passes * stepsPerPass);
        int[] order = [];
        for (int step = 0; step < steps; step++)
        {
            int at = step % stepsPerPass;
            if (at == 0)
            {
                order = Philox.Permutation(rows.Length, seed, Philox.Hash("probe"), step / stepsPerPass);
            }

            for (int i = 0; i < batchLabels.Length; i++)
            {
                int row = rows[order[(at * batchLabels.Length) + i]];
                table.Row(row).CopyTo(batch.Span.Slice(i * table.Dim, table.Dim));
                batchLabels[i] = table.Labels[row];
            }

            batchObjective.Evaluate(Parameters, gradient);
            double lr = rate * 0.5 * (1 + Math.Cos(Math.PI * step / steps));
            for (int i = 0; i < velocity.Length; i++)
            {
                velocity[i] = (Momentum * velocity[i]) + gradient[i];
                Parameters[i] -= lr * velocity[i];
            }
        }
    }
}
