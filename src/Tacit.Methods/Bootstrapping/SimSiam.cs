using Tacit.Data.Loading;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>SimSiam: predict the other view's projection, which a stop-gradient holds still; no teacher, no negatives.</summary>
/// <remarks>Chen and He 2021, arXiv:2011.10566, Algorithm 1. Each view has batch statistics of its own.</remarks>
public sealed class SimSiam : Method
{
    private readonly Branches branches;

    public SimSiam(Backbone backbone, SimSiamOptions options) : base(backbone)
    {
        Views = ViewPlan.TwoCrops(options.Augmentation);
        branches = Add("branches", new Branches(
            backbone,
            options.Branches,
            Heads.Blocks(options.Projector, Norm.Batch, Norm.BatchWithoutAffine),
            Heads.Blocks([options.PredictorHidden, options.Projector[^1]], Norm.Batch, Norm.None)));
    }

    public static MethodEntry Entry { get; } = new(
        new MethodInfo(
            "simsiam",
            "bootstrapping",
            ["image", "speech"],
            "Chen and He: Exploring Simple Siamese Representation Learning, arXiv:2011.10566",
            2020,
            "Predict the other view's projection behind a stop-gradient, with shared weights"),
        new SimSiamOptions(),
        SimSiamOptions.Table.As<MethodOptions>(),
        (backbone, options) => new SimSiam(backbone, (SimSiamOptions)options))
    {
        Setup = new MethodSetup
        {
            Optimizer = new OptimizerOptions { Lr = 0.5, WeightDecay = 1e-5 },
            ReferenceBatch = 256,
            Schedule = new ScheduleOptions { Warmup = 0.1 },
        },
    };

    public override ViewPlan Views { get; }

    public override Tensor Loss(Batch batch, Diagnostics diagnostics)
    {
        (Tensor first, Tensor second) = TwoViews.Of(batch, "simsiam");
        (Tensor z1, Tensor p1) = branches.Online(first);                    // [N, D]
        (Tensor z2, Tensor p2) = branches.Online(second);
        Tensor loss = NegativeCosine.Symmetric(p1, p2, branches.Target(first, z1), branches.Target(second, z2));
        branches.Report(diagnostics, z1, similarity: -loss.ToScalar());
        return loss;
    }

    public override void AfterStep(long step, long steps) => branches.Follow(step, steps);
}
