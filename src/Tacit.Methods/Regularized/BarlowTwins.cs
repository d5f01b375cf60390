using Tacit.Data.Loading;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>Barlow Twins: two views say the same in each dimension, and no two dimensions say the same.</summary>
/// <remarks>Zbontar et al. 2021, arXiv:2103.03230, Algorithm 1.</remarks>
public sealed class BarlowTwins : Method
{
    private readonly BarlowTwinsOptions options;
    private readonly Mlp projector;

    public BarlowTwins(Backbone backbone, BarlowTwinsOptions options) : base(backbone)
    {
        this.options = options;
        Views = ViewPlan.Crops(TwoViews.Asymmetric(options.Augmentation, options.SecondSolarizeProbability));
        projector = Add("projector", new Mlp(backbone.Dim, Heads.Blocks(options.Projector, Norm.Batch, Norm.None, bias: false)));
    }

    public static MethodEntry Entry { get; } = new(
        new MethodInfo(
            "barlow-twins",
            "regularized",
            ["image", "speech"],
            "Zbontar, Jing, Misra, LeCun and Deny: Barlow Twins: Self-Supervised Learning via Redundancy Reduction, arXiv:2103.03230",
            2021,
            "Two views agree in each dimension of their embedding, and different dimensions do not repeat each other"),
        new BarlowTwinsOptions(),
        BarlowTwinsOptions.Table.As<MethodOptions>(),
        (backbone, options) => new BarlowTwins(backbone, (BarlowTwinsOptions)options))
    {
        Setup = new MethodSetup
        {
            Optimizer = new OptimizerOptions { Name = "lars", Lr = 0.3, WeightDecay = 1e-4, TrustCoefficient = 0.02, ClipTrust = true },
            ReferenceBatch = 256,
            Schedule = new ScheduleOptions { Warmup = 0.1 },
        },
    };

    public override ViewPlan Views { get; }

    public override Tensor Loss(Batch batch, Diagnostics diagnostics)
    {
        Tensor a = projector.Forward(Backbone.Forward(batch.View(0)));      // [N, D], each view with batch statistics of its own
        Tensor b = projector.Forward(Backbone.Forward(batch.View(1)));
        Tensor loss = RedundancyReduction.Loss(a, b, options.Lambda, 1e-5f, out RedundancyParts parts);
        diagnostics.Report("on_diagonal", parts.OnDiagonal);
        diagnostics.Report("off_diagonal", parts.OffDiagonal);
        diagnostics.Embedding(a);
        return Ops.Multiply(loss, options.Scale);
    }

    /// <summary>Views without anything in common cost 1 a dimension.</summary>
    public override double? ChanceLoss(int batchSize) => options.Scale * (double)options.Projector[^1];
}
