using Tacit.Data.Augment;
using Tacit.Data.Loading;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>DeLoRes-S: Barlow Twins on one second of sound, mixed with another and cropped anew for each view.</summary>
/// <remarks>
/// Ghosh, Seth and Umesh 2022, arXiv:2203.13628, equation 1: λ weighs the off-diagonal part alone (<see cref="RedundancyReduction"/>).
/// The mean over dimensions is taken of the sum, so that rates of learning hold for any projector.
/// </remarks>
public sealed class DeloresS : Method
{
    private readonly DeloresSOptions options;
    private readonly Mlp projector;

    public DeloresS(Backbone backbone, DeloresSOptions options) : base(backbone)
    {
        this.options = options;
        projector = Add("projector", new Mlp(backbone.Dim, Heads.Blocks(options.Projector, Norm.Batch, Norm.None, bias: false)));
    }

    public static MethodEntry Entry { get; } = new(
        new MethodInfo(
            "delores-s",
            "regularized",
            ["speech"],
            "Ghosh, Seth and Umesh: Decorrelating Feature Spaces for Learning General-Purpose Audio Representations, arXiv:2203.13628",
            2022,
            "Two views of a second of sound agree in each dimension, and dimensions do not repeat each other"),
        new DeloresSOptions(),
        DeloresSOptions.Table.As<MethodOptions>(),
        (backbone, options) => new DeloresS(backbone, (DeloresSOptions)options))
    {
        Setup = Sound,
    };

    /// <summary>What both sizes are meant for; Adam learns from the first epoch on, where the authors' SGD at 0.03 needs a hundred.</summary>
    internal static MethodSetup Sound => new()
    {
        Architecture = BackboneFactory.AudioNtt,
        Model = options => options with { Channels = 1, Mels = 64 },
        Optimizer = new OptimizerOptions { Name = "adam", Lr = 3e-4 },
        ReferenceBatch = 64,
        BatchSize = 64,
        CropSeconds = 0.95f,
        Sound = SoundAugmentationOptions.ByolA,
    };

    public override SoundPlan Sounds { get; } = new(2);

    public override Tensor Loss(Batch batch, Diagnostics diagnostics)
    {
        Tensor a = projector.Forward(Backbone.Forward(batch.View(0)));      // [N, D], each view with batch statistics of its own
        Tensor b = projector.Forward(Backbone.Forward(batch.View(1)));
        Tensor loss = RedundancyReduction.Loss(a, b, options.Lambda, 1e-5f, out RedundancyParts parts);
        diagnostics.Report("on_diagonal", parts.OnDiagonal);
        diagnostics.Report("off_diagonal", parts.OffDiagonal);
        diagnostics.Embedding(a);
        return Ops.Divide(loss, projector.Output);
    }

    /// <summary>Views without anything in common: c² is 1 / N by chance, on the diagonal and off it.</summary>
    public override double? ChanceLoss(int batchSize) => Chance(batchSize, options.Lambda, projector.Output);

    internal static double Chance(int items, float lambda, int width) => 1 + ((1 + (lambda * (width - 1))) / items);
}
