using Tacit.Data.Loading;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>SimCLR: agree on two views of one picture, disagree with every other picture in the batch.</summary>
/// <remarks>Chen et al. 2020, arXiv:2002.05709, Algorithm 1.</remarks>
public sealed class SimClr : Method
{
    private readonly SimClrOptions options;
    private readonly Mlp projector;

    public SimClr(Backbone backbone, SimClrOptions options) : base(backbone)
    {
        this.options = options;
        Views = ViewPlan.TwoCrops(options.Augmentation);
        projector = Add("projector", new Mlp(backbone.Dim, Blocks(options)));
    }

    public static MethodEntry Entry { get; } = new(
        new MethodInfo(
            "simclr",
            "contrastive",
            ["image"],
            "Chen, Kornblith, Norouzi and Hinton: A Simple Framework for Contrastive Learning of Visual Representations, arXiv:2002.05709",
            2020,
            "Agree on two views of one picture, disagree with every other picture in the batch"),
        new SimClrOptions(),
        SimClrOptions.Table.As<MethodOptions>(),
        (backbone, options) => new SimClr(backbone, (SimClrOptions)options));

    public override ViewPlan Views { get; }

    public override Tensor Loss(Batch batch, Diagnostics diagnostics)
    {
        Tensor h = Backbone.Forward(batch.Views);                   // [2N, Dim], pairs (i, i + N)
        Tensor z = projector.Forward(h);                            // [2N, D]
        Tensor loss = NtXent.Loss(z, options.Temperature, out NtXentStatistics found);
        diagnostics.Report("positive_similarity", found.Positive);
        diagnostics.Report("negative_similarity", found.Negative);
        diagnostics.Report("contrastive_accuracy", found.Accuracy);
        diagnostics.Embedding(z);
        return loss;
    }

    public override double? ChanceLoss(int batchSize) => NtXent.Chance(batchSize);

    /// <summary>ReLU between layers, none after the last.</summary>
    private static MlpBlock[] Blocks(SimClrOptions options) =>
        [.. options.Projector.Select((width, i) => new MlpBlock(
            width,
            options.ProjectorNorm ? Norm.Batch : Norm.None,
            i < options.Projector.Count - 1 ? Activation.Relu : Activation.None,
            Bias: !options.ProjectorNorm))];
}
