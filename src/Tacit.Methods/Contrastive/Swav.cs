using System.Numerics.Tensors;
using Tacit.Data.Augment;
using Tacit.Data.Loading;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;
using Tensor = Tacit.Tensors.Tensor;

namespace Tacit.Methods;

/// <summary>SwAV: sort the batch into clusters used equally, and predict the cluster of one view from the others.</summary>
/// <remarks>
/// Caron et al. 2020, arXiv:2006.09882, Algorithm 1, with multi-crop (section 3.3) and a queue of earlier features beside a batch too
/// small for its prototypes (section 4, appendix A): it is filled from a share of the run on and used once full.
/// </remarks>
public sealed class Swav : Method
{
    private const int Globals = 2;

    private readonly SwavOptions options;
    private readonly Mlp projector;
    private readonly Prototypes prototypes;
    private readonly FeatureQueue[] queues;
    private bool queueing;

    public Swav(Backbone backbone, SwavOptions options) : base(backbone)
    {
        this.options = options;
        AugmentationOptions[] globals = [options.Augmentation, options.Augmentation];
        Views = ViewPlan.MultiCrop(globals, options.LocalAugmentation, options.LocalCrops, options.LocalShare);
        projector = Add("projector", new Mlp(backbone.Dim, Heads.Blocks(options.Projector, Norm.Batch, Norm.None)));
        prototypes = Add("prototypes", new Prototypes(projector.Output, options.Prototypes));
        queues = options.Queue == 0
            ? []
            : [Add("queue0", new FeatureQueue(options.Queue, projector.Output)), Add("queue1", new FeatureQueue(options.Queue, projector.Output))];
    }

    public static MethodEntry Entry { get; } = new(
        new MethodInfo(
            "swav",
            "contrastive",
            ["image", "speech"],
            "Caron, Misra, Mairal, Goyal, Bojanowski and Joulin: Unsupervised Learning of Visual Features by Contrasting Cluster Assignments, arXiv:2006.09882",
            2020,
            "Predict the cluster of one view from another, all clusters used equally"),
        new SwavOptions(),
        SwavOptions.Table.As<MethodOptions>(),
        (backbone, options) => new Swav(backbone, (SwavOptions)options))
    {
        // lightly's for CIFAR-10
        Setup = new MethodSetup { Optimizer = new OptimizerOptions { Name = "adam", Lr = 1e-3, WeightDecay = 1e-6 } },
    };

    public override ViewPlan Views { get; }

    /// <summary>Recordings have no smaller views.</summary>
    public override SoundPlan Sounds { get; } = new(Globals);

    public override Tensor Loss(Batch batch, Diagnostics diagnostics)
    {
        Tensor h = Backbone.Forward(batch.Views);                                       // [2N, Dim]
        h = batch.Locals is null ? h : Ops.Concat(0, h, Backbone.Forward(batch.Locals));    // [(2 + L)N, Dim]
        Tensor z = Ops.L2Normalize(projector.Forward(h));                               // [(2 + L)N, D]
        Tensor scores = prototypes.Forward(z);                                          // [(2 + L)N, K]
        int items = batch.Size;
        Tensor[] views = [.. Enumerable.Range(0, h.Shape[0] / items).Select(v => scores.Rows(v * items, items))];
        Tensor[] codes = [.. Enumerable.Range(0, Globals).Select(v => Codes(views[v], v))];
        for (int v = 0; queueing && v < queues.Length; v++)
        {
            queues[v].Push(z.Rows(v * items, items));
        }

        diagnostics.Embedding(z.Rows(0, Globals * items));
        Report(diagnostics, views[0], codes[0]);
        return SwappedPrediction.Loss(views, codes, options.Temperature);
    }

    public override double? ChanceLoss(int batchSize) => Math.Log(options.Prototypes);

    public override void BeforeStep(long step, long steps)
    {
        prototypes.RequireGradients(step >= Schedules.Length(options.FreezePrototypes, steps));
        queueing = step >= options.QueueFrom * steps;
    }

    public override void AfterStep(long step, long steps)
    {
        prototypes.Normalize();
        foreach (FeatureQueue queue in queues)
        {
            queue.Commit();
        }
    }

    /// <summary>A view's assignments, [N, K], found together with those of earlier features where the queue is full.</summary>
    private Tensor Codes(Tensor scores, int view)
    {
        using Scope inner = Scope.NoGradient();
        int items = scores.Shape[0];
        Tensor all = scores.Detach();
        if (queues.Length > 0 && queues[view].Full)
        {
            all = Ops.Concat(0, all, prototypes.Forward(queues[view].Rows));
        }

        return inner.Keep(Sinkhorn.Assign(all, options.Epsilon, options.Iterations).Rows(0, items));
    }

    private void Report(Diagnostics diagnostics, Tensor scores, Tensor codes)
    {
        if (queues.Length > 0)
        {
            queues[0].Report(diagnostics, scores.Shape[0]);
        }

        if (!diagnostics.Detailed)
        {
            return;
        }

        // Codes use all prototypes by their making; what the network itself says does not.
        using Scope scope = Scope.NoGradient();
        Tensor use = Ops.Mean(Ops.Softmax(Ops.Multiply(scores.Detach(), 1 / options.Temperature)), 0);
        double entropy = 0, sure = 0;
        foreach (float p in use.Span)
        {
            entropy -= p > 0 ? p * Math.Log(p) : 0;
        }

        for (int i = 0; i < codes.Shape[0]; i++)
        {
            sure += TensorPrimitives.Max<float>(codes.Span.Slice(i * options.Prototypes, options.Prototypes)) / codes.Shape[0];
        }

        diagnostics.Report("prototype_perplexity", Math.Exp(entropy));
        diagnostics.Report("code_confidence", sure);
    }
}
