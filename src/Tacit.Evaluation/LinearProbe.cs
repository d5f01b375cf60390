using Tacit.Methods;

namespace Tacit.Evaluation;

/// <summary>How the linear probe is fitted.</summary>
public enum ProbeSolver
{
    /// <summary>All items at once, to the minimum.</summary>
    Lbfgs,

    /// <summary>Mini-batches with momentum and a cosine schedule, as most papers train their probes.</summary>
    Sgd,
}

/// <summary>
/// A linear classifier on frozen features: multinomial logistic regression on features standardised by the training set.
/// The regulariser is chosen on held-out parts of the training set, then everything is fitted again on all of it.
/// </summary>
/// <remarks>
/// Small training sets (below 2,000 items) hold out each of five parts in turn, larger ones a fifth once. L-BFGS tries the strengths
/// from strong to weak, each from the solution before it and only nearly to the minimum; the search ends when the held-out loss has
/// not fallen by a ten-thousandth twice in a row. The last fit, on everything, begins where the chosen strength ended and goes to the minimum.
/// </remarks>
public sealed class LinearProbe(ProbeSolver solver = ProbeSolver.Lbfgs, ulong seed = 0) : Protocol
{
    private const int FewItems = 2000;
    private const int Patience = 2;
    private const double Worthwhile = 1e-4;     // of the held-out loss
    private const double Nearly = 1e-4, ToTheMinimum = 1e-5;     // largest component of the gradient

    /// <summary>λ, from strong to weak: half-decades for L-BFGS, decades for SGD, whose every strength costs a whole training.</summary>
    private readonly double[] strengths = solver == ProbeSolver.Lbfgs
        ? [.. Enumerable.Range(0, 14).Select(i => Math.Pow(10, 0.5 - (i * 0.5)))]
        : [.. Enumerable.Range(0, 6).Select(i => Math.Pow(10, -i))];

    private string found = "";

    public override string Name => "linear";

    public override string Detail =>
        $"{(solver == ProbeSolver.Lbfgs ? "L-BFGS" : "SGD")}, λ {Strength:0.#e+0} chosen on held-out training items{found}";

    /// <summary>λ of the last prediction.</summary>
    public double Strength { get; private set; }

    /// <summary>How the last prediction weighed layers, shares that sum to 1; null where it had none to weigh.</summary>
    public double[]? LayerShares { get; private set; }

    public override int[] Predict(FeatureTable train, FeatureTable test)
    {
        if (train.Parts > 1 && solver != ProbeSolver.Lbfgs)
        {
            throw new ConfigurationException("--solver: layers are weighed by L-BFGS alone; leave it out.");
        }

        (Strength, double[]? start) = Choose(train);
        var fit = ProbeFit.Begin(solver, train, Array.ConvertAll(train.Labels, _ => true), seed);
        fit.Run(Strength, ToTheMinimum, start);
        (found, LayerShares) = (fit.Detail, fit.LayerShares);
        return fit.Predict(test.Values);
    }

    /// <summary>The strength with the lowest loss over the parts held out, and the solution that one part found with it.</summary>
    private (double Strength, double[]? Solution) Choose(FeatureTable train)
    {
        int[] fold = HeldOutParts(train);
        int parts = train.Count < FewItems ? Folds.Usual : 1;
        var fits = new List<ProbeFit>();
        for (int part = 0; part < parts; part++)
        {
            bool[] used = Array.ConvertAll(fold, f => f != part);
            if (used.Contains(true) && used.Contains(false))
            {
                fits.Add(ProbeFit.Begin(solver, train, used, seed));
            }
        }

        if (fits.Count == 0)
        {
            return (strengths[strengths.Length / 2], null);        // one item: nothing can be held out
        }

        (double Strength, double[]? Solution) best = (strengths[0], null);
        double bestLoss = double.PositiveInfinity;
        int inVain = 0;
        for (int i = 0; i < strengths.Length && inVain < Patience; i++)
        {
            double loss = 0;
            foreach (ProbeFit fit in fits)
            {
                fit.Run(strengths[i], Nearly);
                loss += fit.HeldOutLoss();
            }

            inVain = loss < bestLoss * (1 - Worthwhile) ? 0 : inVain + 1;
            if (loss < bestLoss)
            {
                (best, bestLoss) = ((strengths[i], fits[0].Solution()), loss);
            }
        }

        return best;
    }

    /// <summary>Five parts with classes spread evenly; a class of one item stands in one of them.</summary>
    private int[] HeldOutParts(FeatureTable train) => Folds.Spread(train.Labels, train.Classes.Count, Folds.Usual, seed, "probe");
}
