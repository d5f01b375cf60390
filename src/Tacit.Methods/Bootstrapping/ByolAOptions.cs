namespace Tacit.Methods;

/// <summary>The options of <see cref="ByolA"/>: the paper's and its authors' configuration.</summary>
public sealed record ByolAOptions : MethodOptions
{
    /// <summary>Predictor, stop-gradient and momentum, which stays 0.99.</summary>
    public BranchOptions Branches { get; init; } = new() { FinalMomentum = 0.99 };

    /// <summary>Widths of the projector's layers: batch norm and ReLU between them, nothing after the last.</summary>
    public IReadOnlyList<int> Projector { get; init; } = [4096, 256];

    /// <summary>Width of the predictor's hidden layer.</summary>
    public int PredictorHidden { get; init; } = 4096;

    /// <summary>Whether the views of a batch are brought to mean 0 and deviation 1 after they were changed.</summary>
    public bool PostNorm { get; init; } = true;

    internal static OptionTable<ByolAOptions> Table { get; } = new OptionTable<ByolAOptions>()
        .Section("", o => o.Branches, (o, v) => o with { Branches = v }, BranchOptions.Table)
        .Wholes("projector", o => o.Projector, (o, v) => o with { Projector = v }, new Interval(1, 1 << 16))
        .Whole("predictor-hidden", o => o.PredictorHidden, (o, v) => o with { PredictorHidden = (int)v }, new Interval(1, 1 << 16))
        .Flag("post-norm", o => o.PostNorm, (o, v) => o with { PostNorm = v });

    public override void Validate() => Branches.Validate();

    public override MethodOptions FitTo(DataFit fit)
    {
        fit.RefuseBatchOfOne("batch norm makes zeros of a batch of one recording");
        return this;
    }
}
