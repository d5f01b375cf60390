using Tacit.Data.Augment;
using Tacit.Data.Loading;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>BYOL-A: BYOL on one second of sound, mixed with another and cropped anew for each view.</summary>
/// <remarks>Niizumi et al. 2021, arXiv:2103.06695; the loss is BYOL's (<see cref="NegativeCosine.SquaredDistances"/>).</remarks>
public sealed class ByolA : Method
{
    private readonly ByolAOptions options;
    private readonly Branches branches;

    public ByolA(Backbone backbone, ByolAOptions options) : base(backbone)
    {
        this.options = options;
        branches = Add("branches", new Branches(
            backbone, options.Branches, Heads.Blocks(options.Projector, Norm.Batch, Norm.None), Heads.Blocks([options.PredictorHidden, options.Projector[^1]], Norm.Batch, Norm.None)));
    }

    public static MethodEntry Entry { get; } = new(
        new MethodInfo(
            "byol-a",
            "bootstrapping",
            ["speech"],
            "Niizumi, Takeuchi, Ohishi, Harada and Kashino: BYOL for Audio: Self-Supervised Learning for General-Purpose Audio Representation, arXiv:2103.06695",
            2021,
            "Predict how a slow copy of the network hears the same second mixed and cropped otherwise"),
        new ByolAOptions(),
        ByolAOptions.Table.As<MethodOptions>(),
        (backbone, options) => new ByolA(backbone, (ByolAOptions)options))
    {
        Setup = new MethodSetup
        {
            Architecture = BackboneFactory.AudioNtt,
            Model = options => options with { Channels = 1, Mels = 64 },
            Optimizer = new OptimizerOptions { Name = "adam", Lr = 3e-4 },      // the paper's, for batches of 256
            ReferenceBatch = 64,
            BatchSize = 64,
            CropSeconds = 0.95f,
            Sound = SoundAugmentationOptions.ByolA,
        },
    };

    public override SoundPlan Sounds { get; } = new(2);

    public override Tensor Loss(Batch batch, Diagnostics diagnostics)
    {
        Tensor views = options.PostNorm ? BatchScale.Of(batch.Views, batch.Lengths) : batch.Views;
        Tensor first = views.Rows(0, batch.Size), second = views.Rows(batch.Size, batch.Size);          // [N, T, F, 1]
        (Tensor z1, Tensor p1) = branches.Online(first);                                                // [N, D]
        (Tensor z2, Tensor p2) = branches.Online(second);
        Tensor loss = NegativeCosine.SquaredDistances(p1, p2, branches.Target(first, z1), branches.Target(second, z2));
        branches.Report(diagnostics, z1, similarity: 1 - (loss.ToScalar() / 4));
        return loss;
    }

    public override void AfterStep(long step, long steps) => branches.Follow(step, steps);
}
