using Tacit.Data.Loading;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>
/// MoCo: a query must find the key that a slow twin of the encoder makes of another view, among the keys of earlier batches.
/// </summary>
/// <remarks>
/// He et al. 2020, arXiv:1911.05722, Algorithm 1 (v1: one linear layer, T 0.07); Chen et al. 2020, arXiv:2003.04297 (v2: a hidden
/// layer, T 0.2, blur). Keys are made group by group of a shuffled batch (<see cref="ShuffledGroups"/>). The queue begins empty, and
/// in the first step the batch's other keys are the negatives.
/// </remarks>
public sealed class Moco : Method
{
    private readonly MocoOptions options;
    private readonly Mlp projector;
    private readonly Teacher<Backbone> keyBackbone;
    private readonly Teacher<Mlp> keyProjector;
    private readonly FeatureQueue queue;
    private readonly int groups;

    public Moco(Backbone backbone, MocoOptions options) : base(backbone)
    {
        this.options = options;
        Views = ViewPlan.TwoCrops(options.Augmentation);
        MlpBlock[] blocks = Heads.Blocks(options.Projector, Norm.None, Norm.None);
        projector = Add("projector", new Mlp(backbone.Dim, blocks));
        keyBackbone = Add("key_backbone", new Teacher<Backbone>(backbone, BackboneFactory.Build(backbone.Options)));
        keyProjector = Add("key_projector", new Teacher<Mlp>(projector, new Mlp(backbone.Dim, blocks)));
        queue = Add("queue", new FeatureQueue(options.Queue, projector.Output));

        // A network without running statistics normalises no batch, which then tells nothing.
        groups = backbone.NamedBuffers().Any() ? options.NormGroups : 1;
    }

    public static MethodEntry V1 { get; } = new(
        new MethodInfo(
            "moco-v1",
            "contrastive",
            ["image", "speech"],
            "He, Fan, Wu, Xie and Girshick: Momentum Contrast for Unsupervised Visual Representation Learning, arXiv:1911.05722",
            2019,
            "Find the key a momentum encoder made of another view, among a queue of earlier keys"),
        MocoOptions.V1,
        MocoOptions.Table.As<MethodOptions>(),
        (backbone, options) => new Moco(backbone, (MocoOptions)options));

    public static MethodEntry V2 { get; } = new(
        new MethodInfo(
            "moco-v2",
            "contrastive",
            ["image", "speech"],
            "Chen, Fan, Girshick and He: Improved Baselines with Momentum Contrastive Learning, arXiv:2003.04297",
            2020,
            "MoCo with SimCLR's projector, temperature and blur; both views are queries"),
        new MocoOptions(),
        MocoOptions.Table.As<MethodOptions>(),
        (backbone, options) => new Moco(backbone, (MocoOptions)options));

    public override ViewPlan Views { get; }

    public override Tensor Loss(Batch batch, Diagnostics diagnostics)
    {
        Tensor loss = Loss(batch, 0, 1, diagnostics);
        return options.Symmetric ? Ops.Multiply(Ops.Add(loss, Loss(batch, 1, 0, diagnostics)), 0.5f) : loss;
    }

    public override double? ChanceLoss(int batchSize) => InfoNce.Chance(options.Queue);

    public override void AfterStep(long step, long steps)
    {
        double momentum = Schedules.CosineMomentum(step, steps, options.Momentum, options.FinalMomentum);
        keyBackbone.Update(momentum);
        keyProjector.Update(momentum);
        queue.Commit();
    }

    private Tensor Loss(Batch batch, int query, int key, Diagnostics diagnostics)
    {
        Tensor q = projector.Forward(Backbone.Forward(batch.View(query)));          // [N, D]
        Tensor k = Keys(batch.View(key));                                           // [N, D], no gradient
        Tensor loss = InfoNce.Loss(q, k, queue.Rows, options.Temperature, out NtXentStatistics found);
        queue.Push(k);

        diagnostics.Report(found);
        queue.Report(diagnostics, batch.Size * (options.Symmetric ? 2 : 1));
        diagnostics.Embedding(q);
        bool inBatch = queue.Count == 0;
        diagnostics.ReportNegatives(q, k, inBatch ? k : queue.Rows, inBatch ? batch.Size : 0, batch.Labels);
        keyBackbone.Report(diagnostics);
        return loss;
    }

    private Tensor Keys(Tensor view) => ShuffledGroups.Forward(
        view, groups, options.Shuffle && groups > 1, Path, x => Ops.L2Normalize(keyProjector.Twin.Forward(keyBackbone.Twin.Forward(x))));
}
