using Tacit.Data.Loading;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>I-JEPA: from one large block of a picture predict what a slow encoder makes of several others, not their pixels.</summary>
/// <remarks>Assran et al. 2023, arXiv:2301.08243, section 3. Targets are layer-normalised, as in the authors' code.</remarks>
public sealed class IJepa : Method
{
    private readonly IJepaOptions options;
    private readonly VisionTransformer encoder;
    private readonly Teacher<VisionTransformer> teacher;
    private readonly JepaPredictor predictor;
    private readonly GridPositions positions;

    public IJepa(Backbone backbone, IJepaOptions options) : base(backbone)
    {
        this.options = options;
        Views = ViewPlan.Crop(options.Augmentation);
        encoder = MaskedPatches.Encoder(backbone, "ijepa");
        int width = options.WidthFor(backbone.Options);
        positions = new GridPositions(width);
        predictor = Add("predictor", new JepaPredictor(backbone.Dim, width, options.DepthFor(backbone.Options), backbone.Options.Heads));
        teacher = Add("teacher", new Teacher<VisionTransformer>(encoder, (VisionTransformer)BackboneFactory.Build(backbone.Options with { DropPath = 0 })));
    }

    public static MethodEntry Entry { get; } = new(
        new MethodInfo(
            "ijepa",
            "bootstrapping",
            ["image"],
            "Assran, Duval, Misra et al.: Self-Supervised Learning from Images with a Joint-Embedding Predictive Architecture, arXiv:2301.08243",
            2023,
            "Predict a slow encoder's features of several blocks from the rest of the picture"),
        new IJepaOptions(),
        IJepaOptions.Table.As<MethodOptions>(),
        (backbone, options) => new IJepa(backbone, (IJepaOptions)options))
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
        (int rows, int columns) = encoder.Grid(view);
        RandomSequence random = Scope.NextRandom("mask", Path);
        MultiBlockMask mask = MultiBlockMask.Draw(batch.Size, rows, columns, options.Blocks, ref random);

        Tensor encoded = encoder.Encode(Tokens.Keep(encoder.Embed(view), mask.Context));        // [N, (1 +) context, D]
        Tensor predictions = predictor.Forward(Targets.Patches(encoder, encoded), mask, positions.Of(rows, columns));
        Tensor targets = TargetsOf(view, mask);                                                 // [blocks · N · target, D]
        Tensor loss = SmoothL1Loss.Loss(predictions, targets, options.Beta);
        Targets.Report(diagnostics, targets);
        diagnostics.Embedding(encoder.Pool(encoded));
        teacher.Report(diagnostics);
        return loss;
    }

    public override void AfterStep(long step, long steps) =>
        teacher.Update(Schedules.LinearMomentum(step - 1, steps, options.Momentum, options.FinalMomentum));

    /// <summary>What the slow encoder, which sees the whole picture, makes of the target places.</summary>
    private Tensor TargetsOf(Tensor view, MultiBlockMask mask)
    {
        using Scope scope = Scope.NoGradient();
        Tensor whole = Targets.Patches(teacher.Twin, teacher.Twin.Encode(teacher.Twin.Embed(view)));
        Tensor normed = Targets.Normalised(whole, "layer").Reshape(-1, Backbone.Dim);           // [N · P, D]
        var rows = new int[mask.Targets.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = (i / mask.TargetCount % mask.Items * mask.Places) + mask.Targets[i];
        }

        return scope.Keep(Ops.Gather(normed, rows));
    }
}
