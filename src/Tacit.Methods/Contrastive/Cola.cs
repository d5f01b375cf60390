using Tacit.Data.Augment;
using Tacit.Data.Loading;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>COLA: of all pieces in the batch find the one that comes from the same recording.</summary>
/// <remarks>
/// Saeed, Grangier and Zeghidour 2020, arXiv:2010.10915, equation 2 with the bilinear similarity s(x, x') = g(x)ᵀ W g(x'); g is a linear
/// layer, a layer norm and tanh on the features. Both pieces are unchanged; there is no temperature.
/// </remarks>
public sealed class Cola : Method
{
    private readonly Mlp projector;
    private readonly Tensor bilinear;

    public Cola(Backbone backbone, ColaOptions options) : base(backbone)
    {
        projector = Add("projector", new Mlp(backbone.Dim, new MlpBlock(options.Projection, Norm.Layer, Activation.Tanh)));
        bilinear = AddParameter("bilinear", new Shape(options.Projection, options.Projection), Initializers.Normal(1f / options.Projection));
    }

    public static MethodEntry Entry { get; } = new(
        new MethodInfo(
            "cola",
            "contrastive",
            ["speech"],
            "Saeed, Grangier and Zeghidour: Contrastive Learning of General-Purpose Audio Representations, arXiv:2010.10915",
            2020,
            "Of all pieces in the batch find the one from the same recording"),
        new ColaOptions(),
        ColaOptions.Table.As<MethodOptions>(),
        (backbone, options) => new Cola(backbone, (ColaOptions)options))
    {
        Setup = new MethodSetup
        {
            Architecture = BackboneFactory.AudioNtt,
            Model = options => options with { Channels = 1, Mels = 64 },
            Optimizer = new OptimizerOptions { Name = "adam", Lr = 5e-4 },      // the paper: 1e-4 for batches of 1024
            ReferenceBatch = 128,
            BatchSize = 128,
            CropSeconds = 0.96f,
            Sound = SoundAugmentationOptions.None,
        },
    };

    public override SoundPlan Sounds { get; } = new(2, SameCrop: false);

    public override Tensor Loss(Batch batch, Diagnostics diagnostics)
    {
        Tensor z = projector.Forward(Backbone.Forward(batch.Views));                                    // [2N, D]
        Tensor anchors = z.Rows(0, batch.Size), positives = z.Rows(batch.Size, batch.Size);
        Tensor scores = Ops.MatMul(Ops.MatMul(anchors, bilinear), positives, transposeB: true);         // [N, N], pairs on the diagonal
        int[] own = [.. Enumerable.Range(0, batch.Size)];
        diagnostics.Report("contrastive_accuracy", InfoNce.Statistics(scores, own).Accuracy);
        diagnostics.Embedding(z);
        return Ops.CrossEntropy(scores, own);
    }

    /// <summary>Pieces that are all alike are told apart by guessing.</summary>
    public override double? ChanceLoss(int batchSize) => Math.Log(batchSize);
}
