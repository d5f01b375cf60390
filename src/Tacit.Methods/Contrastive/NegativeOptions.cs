namespace Tacit.Methods;

/// <summary>
/// Which other pictures of the batch a view is told apart from, and how much each counts. The defaults take all of them alike,
/// beside the positive: the plain NT-Xent.
/// </summary>
public sealed record NegativeOptions
{
    /// <summary>Leaves the positive out of the denominator, so that an easy positive does not shrink the gradient.</summary>
    /// <remarks>DCL: Yeh et al. 2022, arXiv:2110.06848, equation 6.</remarks>
    public bool Decoupled { get; init; }

    /// <summary>σ of the von Mises-Fisher weight that positives far apart get more of; 0 weighs them alike. The paper's is 0.5.</summary>
    /// <remarks>DCLW: Yeh et al. 2022, arXiv:2110.06848, equation 7.</remarks>
    public float WeightSigma { get; init; }

    /// <summary>β, the concentration: each negative counts exp(β·similarity/T) times, so that the hard ones count more; 0 counts all alike.</summary>
    /// <remarks>HCL: Robinson et al. 2021, arXiv:2010.04592.</remarks>
    public float Beta { get; init; }

    /// <summary>τ⁺, the chance that a negative is of the picture's own class, whose share is taken off; 0.1 for ten even classes.</summary>
    /// <remarks>Chuang et al. 2020, arXiv:2007.00224; Robinson et al. 2021, arXiv:2010.04592.</remarks>
    public float Debias { get; init; }

    /// <summary>Negatives of a cosine above this are left out, as probably of the same class; 1 keeps all.</summary>
    public float Cap { get; init; } = 1;

    /// <summary>Whether all of this is as in plain NT-Xent.</summary>
    public bool Plain => !Decoupled && WeightSigma == 0 && Beta == 0 && Debias == 0 && Cap >= 1;

    internal static OptionTable<NegativeOptions> Table { get; } = new OptionTable<NegativeOptions>()
        .Flag("decoupled", o => o.Decoupled, (o, v) => o with { Decoupled = v })
        .Number("weight-sigma", o => o.WeightSigma, (o, v) => o with { WeightSigma = v }, Interval.NotNegative)
        .Number("beta", o => o.Beta, (o, v) => o with { Beta = v }, new Interval(0, 100))
        .Number("debias", o => o.Debias, (o, v) => o with { Debias = v }, Interval.BelowOne)
        .Number("cap", o => o.Cap, (o, v) => o with { Cap = v }, new Interval(-1, 1, OpenLow: true));

    /// <summary>Refuses what cannot work together.</summary>
    /// <exception cref="TacitException">A weight without the decoupled loss, whose formula it belongs to, or one so sharp that it is nothing but its largest.</exception>
    public void Validate()
    {
        if (WeightSigma != 0 && !Decoupled)
        {
            throw new TacitException("negatives.weight-sigma weighs the positives of the decoupled loss; set method.negatives.decoupled to true.");
        }

        if (WeightSigma is > 0 and < 0.01f)
        {
            throw new TacitException($"negatives.weight-sigma must be 0 (no weights) or at least 0.01, not {WeightSigma}.");
        }
    }
}
