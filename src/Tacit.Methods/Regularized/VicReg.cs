using Tacit.Data.Loading;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>VICReg: views agree, every dimension keeps its spread, and no two dimensions vary together.</summary>
/// <remarks>Bardes, Ponce and LeCun 2021, arXiv:2105.04906, Algorithm 1. Each part can be weighted to 0 to show what it does.</remarks>
public sealed class VicReg : Method
{
    private readonly VicRegWeights weights;
    private readonly Mlp projector;

    public VicReg(Backbone backbone, VicRegOptions options) : base(backbone)
    {
        weights = new VicRegWeights(options.Invariance, options.Variance, options.Covariance, options.HalvedVariance);
        Views = ViewPlan.TwoCrops(options.Augmentation);
        projector = Add("projector", new Mlp(backbone.Dim, Heads.Blocks(options.Projector, Norm.Batch, Norm.None, bias: false)));
    }

    public static MethodEntry Entry { get; } = new(
        new MethodInfo(
            "vicreg",
            "regularized",
            ["image", "speech"],
            "Bardes, Ponce and LeCun: VICReg: Variance-Invariance-Covariance Regularization for Self-Supervised Learning, arXiv:2105.04906",
            2021,
            "Views agree, every dimension keeps its spread, no two dimensions vary together"),
        new VicRegOptions(),
        VicRegOptions.Table.As<MethodOptions>(),
        (backbone, options) => new VicReg(backbone, (VicRegOptions)options))
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
        Tensor loss = VarianceInvarianceCovariance.Loss(a, b, weights, out VicRegParts parts);
        diagnostics.Report("invariance", parts.Invariance);
        diagnostics.Report("variance", parts.Variance);
        diagnostics.Report("covariance", parts.Covariance);
        diagnostics.Embedding(a, sized: true);
        return loss;
    }

    /// <summary>One point for all pictures costs the whole hinge and nothing else.</summary>
    public override double? ChanceLoss(int batchSize) => weights.Variance == 0
        ? null
        : weights.Variance * (weights.HalvedVariance ? 1 : 2) * (VarianceInvarianceCovariance.Threshold - Math.Sqrt(weights.Epsilon));
}
