using Tacit.Data.Loading;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>MAE: encode a quarter of a picture's patches, and let a small decoder paint the others.</summary>
/// <remarks>He et al. 2021, arXiv:2111.06377, section 3.</remarks>
public sealed class Mae : Method, IReconstructs
{
    private const float TargetEpsilon = 1e-6f;

    private readonly MaeOptions options;
    private readonly VisionTransformer encoder;
    private readonly MaeDecoder decoder;

    public Mae(Backbone backbone, MaeOptions options) : base(backbone)
    {
        this.options = options;
        encoder = MaskedPatches.Encoder(backbone, "mae");
        Views = ViewPlan.Crop(options.Augmentation);
        decoder = Add("decoder", new MaeDecoder(encoder, options.DecoderDim, options.DecoderDepth, options.DecoderHeads));
    }

    public static MethodEntry Entry { get; } = new(
        new MethodInfo(
            "mae",
            "generative",
            ["image"],
            "He, Chen, Xie, Li, Dollár and Girshick: Masked Autoencoders Are Scalable Vision Learners, arXiv:2111.06377",
            2021,
            "Encode a quarter of a picture's patches and paint the others"),
        new MaeOptions(),
        MaeOptions.Table.As<MethodOptions>(),
        (backbone, options) => new Mae(backbone, (MaeOptions)options))
    {
        Setup = new MethodSetup
        {
            Architecture = BackboneFactory.Vit,
            Optimizer = new OptimizerOptions { Name = "adamw", Lr = 1.5e-4, WeightDecay = 0.05, Beta2 = 0.95, ExcludeOneDimensional = true },
            ReferenceBatch = 256,
            Schedule = new ScheduleOptions { Warmup = 0.05 },
        },
    };

    public override ViewPlan Views { get; }

    public override Tensor Loss(Batch batch, Diagnostics diagnostics)
    {
        Tensor pictures = batch.View(0);
        Mask mask = DrawMask(pictures);
        Tensor target = Patches.Cut(pictures, encoder.PatchSize);                           // [N, P, patch · patch · 3]
        target = options.NormPix ? MaskedPixels.Normalize(target) : target;
        Tensor prediction = Predict(pictures, mask);                                        // the same
        Tensor loss = MaskedPixels.MeanSquare(prediction, target, mask.MaskedRows());
        diagnostics.Report("masked_error", loss.ToScalar());
        if (diagnostics.Detailed)
        {
            using Scope scope = Scope.NoGradient();
            diagnostics.Report("visible_error", MaskedPixels.MeanSquare(prediction, target, mask.KeptRows()).ToScalar());
        }

        return loss;
    }

    /// <summary>Pictures, what is seen of them, and the seen patches with the painted ones, which take mean and deviation from the hidden truth where targets are normalised.</summary>
    public IReadOnlyList<ReconstructionColumn> Reconstruct(Tensor pictures)
    {
        (int rows, int columns) = encoder.Grid(pictures);
        Mask mask = DrawMask(pictures);
        Tensor patches = Patches.Cut(pictures, encoder.PatchSize), painted = Predict(pictures, mask);
        if (options.NormPix)
        {
            Tensor mean = Ops.Mean(patches, 2, keepAxis: true), variance = Ops.Variance(patches, 2, keepAxis: true);
            painted = Ops.Add(Ops.Multiply(painted, Ops.Sqrt(Ops.Add(variance, TargetEpsilon))), mean);
        }

        return
        [
            new("original", pictures),
            new("masked", Patches.Join(MaskedPatches.Replaced(patches, mask, Tensor.Zeros(patches.Shape)), rows, columns, encoder.PatchSize)),
            new("reconstruction", Patches.Join(MaskedPatches.Replaced(patches, mask, painted), rows, columns, encoder.PatchSize)),
        ];
    }

    private Mask DrawMask(Tensor pictures)
    {
        (int rows, int columns) = encoder.Grid(pictures);
        RandomSequence random = Scope.NextRandom("mask", Path);
        return RandomMask.Draw(pictures.Shape[0], rows * columns, options.MaskRatio, ref random);
    }

    /// <summary>All patches, from those that are kept: the encoder sees no others.</summary>
    private Tensor Predict(Tensor pictures, Mask mask)
    {
        Tensor encoded = encoder.Encode(Tokens.Keep(encoder.Embed(pictures), mask.Kept));      // [N, (1 +) V, D]
        return decoder.Forward(encoded, mask, encoder.Grid(pictures));
    }
}
