namespace Tacit.Nn;

/// <summary>Which optimiser, and its constants.</summary>
public sealed record OptimizerOptions
{
    /// <summary>One of <see cref="Optimizer.Names"/>.</summary>
    public string Name { get; init; } = "sgd";

    /// <summary>Peak learning rate; the schedule scales it.</summary>
    public double Lr { get; init; } = 0.06;

    /// <summary>Of sgd and lars.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>Of sgd and lars: look one step of momentum ahead.</summary>
    public bool Nesterov { get; init; }

    /// <summary>Added to the gradient by sgd, adam and lars; applied to the weights themselves by adamw and lamb.</summary>
    public double WeightDecay { get; init; } = 5e-4;

    /// <summary>Decay of the first moment, of adam, adamw and lamb.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of the second moment, of adam, adamw and lamb.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Keeps divisions finite: by the root of the second moment (adam, adamw, lamb), by a norm (lars).</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>The trust coefficient η of lars.</summary>
    public double TrustCoefficient { get; init; } = 0.001;

    /// <summary>Whether lars never takes a larger step than plain sgd would: min(trust / lr, 1).</summary>
    public bool ClipTrust { get; init; }

    /// <summary>Spares biases and the scales of norms (one axis or none) from decay and trust ratios; auto (null) is yes for lars and lamb.</summary>
    public bool? ExcludeOneDimensional { get; init; }

    /// <summary>Largest global norm of the gradient, above which it is scaled down; 0 does not clip.</summary>
    public double ClipNorm { get; init; }
}
