using Tacit.Data.Loading;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>DeLoRes-M: MoCo on one second of sound, and Barlow Twins between query and key behind each of AudioNTT's convolutions.</summary>
/// <remarks>
/// Ghosh, Seth and Umesh 2022, arXiv:2203.13628. Gradients reach the query alone; keys are made group by group of a shuffled batch as
/// in <see cref="Moco"/>. Each depth's loss is its mean over dimensions.
/// </remarks>
public sealed class DeloresM : Method
{
    private static readonly string[] Seen = ["conv1", "conv2", "conv3", "frames"];

    private readonly DeloresMOptions options;
    private readonly Mlp[] projectors;
    private readonly Teacher<Backbone> keyBackbone;
    private readonly Teacher<Mlp>[] keyProjectors;
    private readonly FeatureQueue queue;

    public DeloresM(Backbone backbone, DeloresMOptions options) : base(backbone)
    {
        this.options = options;
        if (backbone is not AudioNttBackbone)
        {
            throw new ConfigurationException($"model.name: delores-m looks behind the three convolutions of audiontt, which {backbone.Options.Name} does not have.");
        }

        Mlp Projector(int i) => new(backbone.Width(Seen[i]), i < 3 ? Heads.Blocks(options.DepthProjector, Norm.Batch, Norm.None, bias: false) : [new MlpBlock(options.Projection)]);
        projectors = [.. Seen.Select((name, i) => Add($"projector_{name}", Projector(i)))];
        keyBackbone = Add("key_backbone", new Teacher<Backbone>(backbone, BackboneFactory.Build(backbone.Options)));
        keyProjectors = [.. Seen.Select((name, i) => Add($"key_projector_{name}", new Teacher<Mlp>(projectors[i], Projector(i))))];
        queue = Add("queue", new FeatureQueue(options.Queue, options.Projection));
    }

    public static MethodEntry Entry { get; } = new(
        new MethodInfo(
            "delores-m",
            "regularized",
            ["speech"],
            "Ghosh, Seth and Umesh: Decorrelating Feature Spaces for Learning General-Purpose Audio Representations, arXiv:2203.13628",
            2022,
            "MoCo whose encoder's depths are decorrelated as Barlow Twins does"),
        new DeloresMOptions(),
        DeloresMOptions.Table.As<MethodOptions>(),
        (backbone, options) => new DeloresM(backbone, (DeloresMOptions)options))
    {
        Setup = DeloresS.Sound,
    };

    public override SoundPlan Sounds { get; } = new(2);

    public override Tensor Loss(Batch batch, Diagnostics diagnostics)
    {
        IReadOnlyList<Tensor> depths = Backbone.Forward(batch.View(0), Seen);
        Tensor[] queries = [.. depths.Select((h, i) => projectors[i].Forward(h))];          // [N, D] of each depth, then [N, P]
        Tensor[] keys = Keys(batch.View(1));                                                // the same, no gradient

        Tensor contrast = InfoNce.Loss(queries[3], keys[3], queue.Rows, options.Temperature, out NtXentStatistics found);
        queue.Push(keys[3]);
        Tensor? decorrelation = null;
        for (int i = 0; i < 3; i++)
        {
            Tensor depth = Ops.Divide(RedundancyReduction.Loss(queries[i], keys[i], options.Lambda), queries[i].Shape[1]);
            decorrelation = decorrelation is null ? depth : Ops.Add(decorrelation, depth);
        }

        diagnostics.Report(found);
        diagnostics.Report("contrastive_loss", contrast.ToScalar());
        diagnostics.Report("decorrelation_loss", decorrelation!.ToScalar());
        queue.Report(diagnostics, batch.Size);
        diagnostics.Embedding(queries[3]);
        keyBackbone.Report(diagnostics);
        return Ops.Add(contrast, Ops.Multiply(decorrelation, options.DecorrelationWeight));
    }

    /// <summary>Keys that are never found, and depths whose views have nothing in common.</summary>
    public override double? ChanceLoss(int batchSize) => InfoNce.Chance(options.Queue)
        + (3 * options.DecorrelationWeight * DeloresS.Chance(batchSize, options.Lambda, options.DepthProjector[^1]));

    public override void AfterStep(long step, long steps)
    {
        keyBackbone.Update(options.Momentum);
        foreach (Teacher<Mlp> projector in keyProjectors)
        {
            projector.Update(options.Momentum);
        }

        queue.Commit();
    }

    private Tensor[] Keys(Tensor view)
    {
        Tensor all = ShuffledGroups.Forward(view, options.NormGroups, options.NormGroups > 1, Path, x =>
        {
            IReadOnlyList<Tensor> depths = keyBackbone.Twin.Forward(x, Seen);
            return Ops.Concat(1, [.. depths.Select((h, i) => i < 3 ? keyProjectors[i].Twin.Forward(h) : Ops.L2Normalize(keyProjectors[i].Twin.Forward(h)))]);
        });
        int[] widths = [.. projectors.Select(p => p.Output)];
        return [.. widths.Select((width, i) => Ops.Slice(all, 1, widths[..i].Sum(), width).Detach())];
    }
}
