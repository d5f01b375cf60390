using Tacit.Data.Loading;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>BYOL: predict how a slow copy of the network sees the other view of a picture.</summary>
/// <remarks>Grill et al. 2020, arXiv:2006.07733, Algorithm 1. Each view has batch statistics of its own.</remarks>
public sealed class Byol : Method
{
    private readonly Branches branches;

    public Byol(Backbone backbone, ByolOptions options) : base(backbone)
    {
        Views = ViewPlan.Crops(TwoViews.Asymmetric(options.Augmentation, options.SecondSolarizeProbability));
        branches = Add("branches", new Branches(
            backbone, options.Branches, Heads.Blocks(options.Projector, Norm.Batch, Norm.None), Heads.Blocks([options.PredictorHidden, options.Projector[^1]], Norm.Batch, Norm.None)));
    }

    public static MethodEntry Entry { get; } = new(
        new MethodInfo(
            "byol",
            "bootstrapping",
            ["image", "speech"],
            "Grill, Strub, Altché et al.: Bootstrap Your Own Latent: A New Approach to Self-Supervised Learning, arXiv:2006.07733",
            2020,
            "Predict how a slow copy of the network sees the other view"),
        new ByolOptions(),
        ByolOptions.Table.As<MethodOptions>(),
        (backbone, options) => new Byol(backbone, (ByolOptions)options))
    {
        Setup = new MethodSetup { Schedule = new ScheduleOptions { Warmup = 0.1 } },
    };

    public override ViewPlan Views { get; }

    public override Tensor Loss(Batch batch, Diagnostics diagnostics)
    {
        (Tensor first, Tensor second) = TwoViews.Of(batch, "byol");
        (Tensor z1, Tensor p1) = branches.Online(first);                    // [N, D]
        (Tensor z2, Tensor p2) = branches.Online(second);
        Tensor loss = NegativeCosine.SquaredDistances(p1, p2, branches.Target(first, z1), branches.Target(second, z2));
        branches.Report(diagnostics, z1, similarity: 1 - (loss.ToScalar() / 4));
        return loss;
    }

    public override void AfterStep(long step, long steps) => branches.Follow(step, steps);
}
