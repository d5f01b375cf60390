using Tacit.Data.Loading;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>W-MSE: views agree after their embeddings have been whitened, so that they cannot all fall on one point.</summary>
/// <remarks>
/// Ermolov et al. 2021, arXiv:2007.06346, section 3. Batches come in random order, so sub-batches are runs of it, one division
/// of the batch a step.
/// </remarks>
public sealed class WMse : Method
{
    private readonly WMseOptions options;
    private readonly Mlp projector;

    public WMse(Backbone backbone, WMseOptions options) : base(backbone)
    {
        this.options = options;
        Views = ViewPlan.TwoCrops(options.Augmentation);
        projector = Add("projector", new Mlp(backbone.Dim, Heads.Blocks(options.Projector, Norm.Batch, Norm.None, bias: false)));
    }

    public static MethodEntry Entry { get; } = new(
        new MethodInfo(
            "w-mse",
            "regularized",
            ["image", "speech"],
            "Ermolov, Siarohin, Sangineto and Sebe: Whitening for Self-Supervised Representation Learning, arXiv:2007.06346",
            2020,
            "Views agree after whitening, which spreads every batch of embeddings over all dimensions"),
        new WMseOptions(),
        WMseOptions.Table.As<MethodOptions>(),
        (backbone, options) => new WMse(backbone, (WMseOptions)options))
    {
        Setup = new MethodSetup
        {
            Optimizer = new OptimizerOptions { Name = "adam", Lr = 2e-3, WeightDecay = 1e-6 },
            ReferenceBatch = 256,
            Schedule = new ScheduleOptions { Warmup = 0.1 },
        },
    };

    public override ViewPlan Views { get; }

    public override Tensor Loss(Batch batch, Diagnostics diagnostics)
    {
        Tensor a = projector.Forward(Backbone.Forward(batch.View(0)));      // [N, D], each view with batch statistics of its own
        Tensor b = projector.Forward(Backbone.Forward(batch.View(1)));
        Tensor loss = WhitenedMse.Loss(a, b, options.SubBatch, options.Epsilon, out double condition);
        diagnostics.Report("whitening_condition", condition);
        diagnostics.Embedding(a);
        return loss;
    }

    /// <summary>Directions that have nothing in common lie √2 apart.</summary>
    public override double? ChanceLoss(int batchSize) => 2;
}
