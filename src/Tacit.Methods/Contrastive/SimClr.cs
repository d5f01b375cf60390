using Tacit.Data.Loading;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>SimCLR: agree on two views of one picture, disagree with every other picture in the batch.</summary>
/// <remarks>Chen et al. 2020, arXiv:2002.05709, Algorithm 1. Other choices of negatives: <see cref="NegativeOptions"/>.</remarks>
public sealed class SimClr : Method
{
    private readonly SimClrOptions options;
    private readonly Mlp projector;

    public SimClr(Backbone backbone, SimClrOptions options) : base(backbone)
    {
        this.options = options;
        Views = ViewPlan.TwoCrops(options.Augmentation);
        Norm norm = options.ProjectorNorm ? Norm.Batch : Norm.None;
        projector = Add("projector", new Mlp(backbone.Dim, Heads.Blocks(options.Projector, norm, norm)));
    }

    public static MethodEntry Entry { get; } = new(
        new MethodInfo(
            "simclr",
            "contrastive",
            ["image", "speech"],
            "Chen, Kornblith, Norouzi and Hinton: A Simple Framework for Contrastive Learning of Visual Representations, arXiv:2002.05709",
            2020,
            "Agree on two views of one picture, disagree with every other picture in the batch"),
        new SimClrOptions(),
        SimClrOptions.Table.As<MethodOptions>(),
        (backbone, options) => new SimClr(backbone, (SimClrOptions)options));

    /// <summary>DCL: SimCLR whose denominator leaves the positive out, with the constants of lightly's CIFAR-10 benchmark.</summary>
    public static MethodEntry Decoupled { get; } = new(
        new MethodInfo(
            "dcl",
            "contrastive",
            ["image", "speech"],
            "Yeh, Hong, Hsu, Liu, Chen and LeCun: Decoupled Contrastive Learning, arXiv:2110.06848",
            2021,
            "SimCLR without the positive among the negatives, which makes small batches enough"),
        new SimClrOptions { Temperature = 0.1f, Projector = [512, 128], ProjectorNorm = true, Negatives = new NegativeOptions { Decoupled = true } },
        SimClrOptions.Table.As<MethodOptions>(),
        (backbone, options) => new SimClr(backbone, (SimClrOptions)options));

    public override ViewPlan Views { get; }

    public override Tensor Loss(Batch batch, Diagnostics diagnostics)
    {
        Tensor h = Backbone.Forward(batch.Views);                   // [2N, Dim], pairs (i, i + N)
        Tensor z = projector.Forward(h);                            // [2N, D]
        Tensor loss = Loss(z, diagnostics);
        diagnostics.Embedding(z);
        Tensor partners = diagnostics.Detailed ? Ops.Concat(0, z.Detach().Rows(batch.Size, batch.Size), z.Detach().Rows(0, batch.Size)) : z;
        diagnostics.ReportNegatives(z, partners, z, batch.Size, batch.Labels);
        return loss;
    }

    public override double? ChanceLoss(int batchSize) => NtXentNegatives.Chance(batchSize, options.Negatives);

    private Tensor Loss(Tensor z, Diagnostics diagnostics)
    {
        NtXentStatistics found;
        if (options.Negatives.Plain)
        {
            Tensor plain = NtXent.Loss(z, options.Temperature, out found);
            diagnostics.Report(found);
            return plain;
        }

        Tensor loss = NtXentNegatives.Loss(z, options.Temperature, options.Negatives, out found, out double leftOut);
        diagnostics.Report(found);
        diagnostics.Report("negatives_left_out", leftOut);
        return loss;
    }
}
