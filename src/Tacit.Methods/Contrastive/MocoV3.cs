using Tacit.Data.Loading;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>MoCo v3: no queue; a prediction of one view must find the momentum encoder's key of the other among the batch's keys.</summary>
/// <remarks>
/// Chen, Xie and He 2021, arXiv:2104.02057, Algorithm 1: the sum of both directions, each times 2T. The patch projection of a
/// transformer learns as all else does; the paper freezes it where training is not stable.
/// </remarks>
public sealed class MocoV3 : Method
{
    private readonly MocoV3Options options;
    private readonly Mlp projector, predictor;
    private readonly Teacher<Backbone> keyBackbone;
    private readonly Teacher<Mlp> keyProjector;

    public MocoV3(Backbone backbone, MocoV3Options options) : base(backbone)
    {
        this.options = options;
        Views = ViewPlan.Crops(TwoViews.Asymmetric(options.Augmentation, options.SecondSolarizeProbability));
        MlpBlock[] blocks = Heads.Blocks(options.Projector, Norm.Batch, Norm.BatchWithoutAffine);
        projector = Add("projector", new Mlp(backbone.Dim, blocks));
        predictor = Add("predictor", new Mlp(projector.Output, Heads.Blocks([options.PredictorHidden, projector.Output], Norm.Batch, Norm.None)));
        keyBackbone = Add("key_backbone", new Teacher<Backbone>(backbone, BackboneFactory.Build(backbone.Options)));
        keyProjector = Add("key_projector", new Teacher<Mlp>(projector, new Mlp(backbone.Dim, blocks)));
    }

    public static MethodEntry Entry { get; } = new(
        new MethodInfo(
            "moco-v3",
            "contrastive",
            ["image", "speech"],
            "Chen, Xie and He: An Empirical Study of Training Self-Supervised Vision Transformers, arXiv:2104.02057",
            2021,
            "Predict the momentum encoder's key of the other view, told from the batch's other keys"),
        new MocoV3Options(),
        MocoV3Options.Table.As<MethodOptions>(),
        (backbone, options) => new MocoV3(backbone, (MocoV3Options)options));

    public override ViewPlan Views { get; }

    public override Tensor Loss(Batch batch, Diagnostics diagnostics)
    {
        Tensor q1 = Query(batch.View(0), diagnostics), q2 = Query(batch.View(1), diagnostics);      // [N, D]
        Tensor k1, k2;
        using (Scope inner = Scope.NoGradient())
        {
            k1 = inner.Keep(Key(batch.View(0)));
            k2 = inner.Keep(Key(batch.View(1)));
        }

        Tensor first = InfoNce.Loss(q1, k2, null, options.Temperature, out NtXentStatistics found);
        diagnostics.Report(found);
        Tensor second = InfoNce.Loss(q2, k1, null, options.Temperature, out found);
        diagnostics.Report(found);
        diagnostics.ReportNegatives(q1, k2, k2, batch.Size, batch.Labels);
        keyBackbone.Report(diagnostics);
        return Ops.Multiply(Ops.Add(first, second), 2 * options.Temperature);
    }

    public override double? ChanceLoss(int batchSize) => 4 * options.Temperature * InfoNce.Chance(batchSize - 1);

    public override void AfterStep(long step, long steps)
    {
        double momentum = Schedules.CosineMomentum(step, steps, options.Momentum, options.FinalMomentum);
        keyBackbone.Update(momentum);
        keyProjector.Update(momentum);
    }

    private Tensor Query(Tensor view, Diagnostics diagnostics)
    {
        Tensor z = projector.Forward(Backbone.Forward(view));
        diagnostics.Embedding(z);
        return predictor.Forward(z);
    }

    private Tensor Key(Tensor view) => keyProjector.Twin.Forward(keyBackbone.Twin.Forward(view));
}
