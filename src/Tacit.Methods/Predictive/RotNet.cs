using Tacit.Data.Loading;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>RotNet: tell by how many quarters a picture was turned.</summary>
/// <remarks>Gidaris, Singh and Komodakis 2018, arXiv:1803.07728. All four turns of each picture share a batch, as there.</remarks>
public sealed class RotNet : Method
{
    private static readonly string[] TurnNames = ["accuracy_turn_0", "accuracy_turn_90", "accuracy_turn_180", "accuracy_turn_270"];

    private readonly Linear head;

    public RotNet(Backbone backbone, RotNetOptions options) : base(backbone)
    {
        Views = ViewPlan.Crop(options.Augmentation);
        head = Add("head", new Linear(backbone.Dim, Turns.Count));
    }

    public static MethodEntry Entry { get; } = new(
        new MethodInfo(
            "rotnet",
            "predictive",
            ["image"],
            "Gidaris, Singh and Komodakis: Unsupervised Representation Learning by Predicting Image Rotations, arXiv:1803.07728",
            2018,
            "Tell by how many quarters a picture was turned"),
        new RotNetOptions(),
        RotNetOptions.Table.As<MethodOptions>(),
        (backbone, options) => new RotNet(backbone, (RotNetOptions)options))
    {
        // The paper's, where the rate falls by 5 at 30, 60 and 80 % of the run.
        Setup = new MethodSetup { Optimizer = new OptimizerOptions { Lr = 0.1, Momentum = 0.9, WeightDecay = 5e-4, Nesterov = true } },
    };

    public override ViewPlan Views { get; }

    public override Tensor Loss(Batch batch, Diagnostics diagnostics)
    {
        Tensor turned = Turns.All(batch.View(0));                           // [4N, S, S, 3], turn by turn
        Tensor logits = head.Forward(Backbone.Forward(turned));             // [4N, 4]
        int[] targets = [.. Enumerable.Range(0, turned.Shape[0]).Select(i => i / batch.Size)];
        ClassReport.Report(diagnostics, logits, targets, TurnNames);
        return Ops.CrossEntropy(logits, targets);
    }

    public override double? ChanceLoss(int batchSize) => Math.Log(Turns.Count);
}
