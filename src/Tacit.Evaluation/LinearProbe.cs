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
/// from strong to weak, each from the solution before it; the search ends when the held-out loss has risen three times in a row.
/// </remarks>
public sealed class LinearProbe(ProbeSolver solver = ProbeSolver.Lbfgs, ulong seed = 0) : Protocol
{
    private const int FewItems = 2000;
    private const int Patience = 3;

    /// <summary>λ, from strong to weak: half-decades for L-BFGS, decades for SGD, whose every strength costs a whole training.</summary>
    private readonly double[] strengths = solver == ProbeSolver.Lbfgs
        ? [.. Enumerable.Range(0, 14).Select(i => Math.Pow(10, 0.5 - (i * 0.5)))]
        : [.. Enumerable.Range(0, 6).Select(i => Math.Pow(10, -i))];

    public override string Name => "linear";

    public override string Detail =>
        $"{(solver == ProbeSolver.Lbfgs ? "L-BFGS" : "SGD")}, λ {Strength:0.#e+0} chosen on held-out training items";

    /// <summary>λ of the last prediction.</summary>
    public double Strength { get; private set; }

    public override int[] Predict(FeatureTable train, FeatureTable test)
    {
        int best = Choose(train);
        Strength = strengths[best];
        var fit = ProbeFit.Begin(solver, train, Array.ConvertAll(train.Labels, _ => true), seed);
        for (int i = solver == ProbeSolver.Lbfgs ? 0 : best; i <= best; i++)
        {
            fit.Run(strengths[i]);
        }

        return fit.Predict(test.Values);
    }

    /// <summary>The index of the strength with the lowest loss over the parts held out.</summary>
    private int Choose(FeatureTable train)
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
            return strengths.Length / 2;        // one item: nothing can be held out
        }

        int best = 0, risen = 0;
        double bestLoss = double.PositiveInfinity, before = double.PositiveInfinity;
        for (int i = 0; i < strengths.Length && risen < Patience; i++)
        {
            double loss = 0;
            foreach (ProbeFit fit in fits)
            {
                fit.Run(strengths[i]);
                loss += fit.HeldOutLoss();
            }

            risen = loss > before ? risen + 1 : 0;
            before = loss;
            if (loss < bestLoss)
            {
                (best, bestLoss) = (i, loss);
            }
        }

        return best;
    }

    /// <summary>Five parts with classes spread evenly; a class of one item stands in one of them.</summary>
    private int[] HeldOutParts(FeatureTable train) => Folds.Spread(train.Labels, train.Classes.Count, Folds.Usual, seed, "probe");
}
