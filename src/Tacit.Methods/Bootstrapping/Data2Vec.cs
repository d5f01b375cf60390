using Tacit.Data.Loading;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>data2vec: from a picture with masked patches predict what a slow teacher that sees all of it makes of them.</summary>
/// <remarks>
/// Baevski et al. 2022, arXiv:2202.03555, section 3: BEiT's block masks, the mean of the teacher's top blocks as targets, smooth
/// L1 on the masked patches alone.
/// </remarks>
public sealed class Data2Vec : Method
{
    private readonly Data2VecOptions options;
    private readonly VisionTransformer student;
    private readonly Teacher<VisionTransformer> teacher;
    private readonly Linear regression;
    private readonly Tensor maskToken;

    public Data2Vec(Backbone backbone, Data2VecOptions options) : base(backbone)
    {
        this.options = options;
        Views = ViewPlan.Crop(options.Augmentation);
        student = MaskedPatches.Encoder(backbone, "data2vec");
        maskToken = AddParameter("mask_token", new Shape(1, backbone.Dim), Initializers.Normal(0.02f));
        regression = Add("regression", new Linear(backbone.Dim, backbone.Dim));
        teacher = Add("teacher", new Teacher<VisionTransformer>(student, (VisionTransformer)BackboneFactory.Build(backbone.Options with { DropPath = 0 })));
    }

    public static MethodEntry Entry { get; } = new(
        new MethodInfo(
            "data2vec",
            "bootstrapping",
            ["image"],
            "Baevski, Hsu, Xu et al.: data2vec: A General Framework for Self-supervised Learning in Speech, Vision and Language, arXiv:2202.03555",
            2022,
            "Predict a slow teacher's features of masked patches"),
        new Data2VecOptions(),
        Data2VecOptions.Table.As<MethodOptions>(),
        (backbone, options) => new Data2Vec(backbone, (Data2VecOptions)options))
    {
        Setup = new MethodSetup
        {
            Architecture = BackboneFactory.Vit,
            Optimizer = new OptimizerOptions { Name = "adamw", Lr = 1e-3, WeightDecay = 0.05 },
            ReferenceBatch = 256,
            Schedule = new ScheduleOptions { Warmup = 0.1 },
        },
    };

    public override ViewPlan Views { get; }

    public override Tensor Loss(Batch batch, Diagnostics diagnostics)
    {
        Tensor view = batch.View(0);
        (int rows, int columns) = student.Grid(view);
        RandomSequence random = Scope.NextRandom("mask", Path);
        Mask mask = BlockMask.Draw(batch.Size, rows, columns, options.MaskRatio, ref random);
        int[] masked = mask.MaskedRows();

        Tensor encoded = student.Encode(Hidden(view, mask));    // [N, (1 +) P, D]
        Tensor patches = Targets.Patches(student, encoded).Reshape(batch.Size * mask.Places, Backbone.Dim);
        Tensor predictions = regression.Forward(Ops.Gather(patches, masked));
        Tensor targets = TargetsOf(view, masked);
        Tensor loss = SmoothL1Loss.Loss(predictions, targets, options.Beta);
        Targets.Report(diagnostics, targets);
        diagnostics.Embedding(student.Pool(encoded));
        teacher.Report(diagnostics);
        return loss;
    }

    public override void AfterStep(long step, long steps) => teacher.Update(options.MomentumAt(step, steps));

    /// <summary>The patch embeddings of a picture [N, P, D] with the mask token in place of the masked ones, and positions on all.</summary>
    private Tensor Hidden(Tensor view, Mask mask)
    {
        (int rows, int columns) = student.Grid(view);
        Tensor kept = Tokens.Keep(student.Projection.Forward(view), mask.Kept);
        return Ops.Add(Tokens.Restore(kept, mask.Kept, mask.Places, maskToken), student.Positions(rows, columns));
    }

    /// <summary>The mean of the teacher's top blocks, each normalised, at the masked rows: [masked, D].</summary>
    private Tensor TargetsOf(Tensor view, int[] masked)
    {
        using Scope scope = Scope.NoGradient();
        var blocks = new List<Tensor>();
        _ = teacher.Twin.Encode(teacher.Twin.Embed(view), blocks);
        Tensor? sum = null;
        foreach (Tensor block in blocks.TakeLast(options.TargetLayers))
        {
            Tensor normed = Targets.Normalised(Targets.Patches(teacher.Twin, block), options.TargetNorm);
            sum = sum is null ? normed : Ops.Add(sum, normed);
        }

        Tensor mean = Ops.Divide(sum!, Math.Min(options.TargetLayers, blocks.Count));
        return scope.Keep(Ops.Gather(mean.Reshape(-1, Backbone.Dim), masked));
    }
}
