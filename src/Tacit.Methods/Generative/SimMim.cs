using Tacit.Data.Loading;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>SimMIM: hide squares of a picture behind a mask token, and tell their pixels with one linear layer.</summary>
/// <remarks>Xie et al. 2021, arXiv:2111.09886, section 3, with a vision transformer.</remarks>
public sealed class SimMim : Method, IReconstructs
{
    private readonly SimMimOptions options;
    private readonly VisionTransformer encoder;
    private readonly Tensor maskToken;
    private readonly Linear predict;

    public SimMim(Backbone backbone, SimMimOptions options) : base(backbone)
    {
        this.options = options;
        encoder = MaskedPatches.Encoder(backbone, "simmim");
        Views = ViewPlan.Crop(options.Augmentation);
        maskToken = AddParameter("mask_token", new Shape(1, 1, encoder.Dim), Initializers.TruncatedNormal(0.02f));
        predict = Add("predict", new Linear(encoder.Dim, encoder.PatchSize * encoder.PatchSize * 3));
    }

    public static MethodEntry Entry { get; } = new(
        new MethodInfo(
            "simmim",
            "generative",
            ["image"],
            "Xie, Zhang, Cao, Lin, Bao, Yao, Dai and Hu: SimMIM: A Simple Framework for Masked Image Modeling, arXiv:2111.09886",
            2021,
            "Hide squares of a picture behind a mask token and tell their pixels with one linear layer"),
        new SimMimOptions(),
        SimMimOptions.Table.As<MethodOptions>(),
        (backbone, options) => new SimMim(backbone, (SimMimOptions)options))
    {
        Setup = new MethodSetup
        {
            Architecture = BackboneFactory.Vit,
            Optimizer = new OptimizerOptions { Name = "adamw", Lr = 1e-4, WeightDecay = 0.05, ExcludeOneDimensional = true },
            ReferenceBatch = 512,
            Schedule = new ScheduleOptions { Warmup = 0.1 },
        },
    };

    public override ViewPlan Views { get; }

    public override Tensor Loss(Batch batch, Diagnostics diagnostics)
    {
        Tensor pictures = batch.View(0);
        Mask mask = DrawMask(pictures);
        Tensor target = Patches.Cut(pictures, encoder.PatchSize);           // [N, P, patch · patch · 3]
        Tensor prediction = Predict(pictures, mask);                        // the same
        Tensor loss = MaskedPixels.MeanAbsolute(prediction, target, mask.MaskedRows());
        diagnostics.Report("masked_error", loss.ToScalar());
        if (diagnostics.Detailed)
        {
            using Scope scope = Scope.NoGradient();
            diagnostics.Report("visible_error", MaskedPixels.MeanAbsolute(prediction, target, mask.KeptRows()).ToScalar());
        }

        return loss;
    }

    public IReadOnlyList<ReconstructionColumn> Reconstruct(Tensor pictures)
    {
        (int rows, int columns) = encoder.Grid(pictures);
        Mask mask = DrawMask(pictures);
        Tensor patches = Patches.Cut(pictures, encoder.PatchSize), told = Predict(pictures, mask);
        return
        [
            new("original", pictures),
            new("masked", Patches.Join(MaskedPatches.Replaced(patches, mask, Tensor.Zeros(patches.Shape)), rows, columns, encoder.PatchSize)),
            new("reconstruction", Patches.Join(MaskedPatches.Replaced(patches, mask, told), rows, columns, encoder.PatchSize)),
        ];
    }

    /// <summary>Random squares of patches.</summary>
    /// <exception cref="TacitException">The picture cannot be cut into such squares.</exception>
    private Mask DrawMask(Tensor pictures)
    {
        (int rows, int columns) = encoder.Grid(pictures);
        int items = pictures.Shape[0], side = options.MaskBlock;
        if (rows % side != 0 || columns % side != 0)
        {
            throw new TacitException($"A picture of {columns} × {rows} patches cannot be cut into squares of {side} (method.mask-block).");
        }

        RandomSequence random = Scope.NextRandom("mask", Path);
        Mask squares = RandomMask.Draw(items, rows / side * (columns / side), options.MaskRatio, ref random);
        var masked = new bool[items * rows * columns];
        for (int i = 0; i < squares.Masked.Length; i++)
        {
            int item = i / squares.MaskedCount, top = squares.Masked[i] / (columns / side) * side, left = squares.Masked[i] % (columns / side) * side;
            for (int row = top; row < top + side; row++)
            {
                masked.AsSpan((item * rows * columns) + (row * columns) + left, side).Fill(true);
            }
        }

        return Mask.Of(masked, items, rows * columns, squares.KeptCount * side * side);
    }

    /// <summary>All patches; the encoder sees the mask token, at its position, for those that are hidden.</summary>
    private Tensor Predict(Tensor pictures, Mask mask)
    {
        (int rows, int columns) = encoder.Grid(pictures);
        Tensor kept = Tokens.Keep(encoder.Projection.Forward(pictures), mask.Kept);                                          // [N, V, D]
        Tensor tokens = Ops.Add(Tokens.Restore(kept, mask.Kept, mask.Places, maskToken), encoder.Positions(rows, columns));    // [N, P, D]
        Tensor encoded = encoder.Encode(tokens);
        return predict.Forward(Targets.Patches(encoder, encoded));
    }
}
