using Tacit.Data.Loading;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>Context prediction: two neighbouring patches of a picture; which of eight neighbours of the first is the second?</summary>
/// <remarks>
/// Doersch, Gupta and Efros 2015, arXiv:1505.05192. One encoder sees both patches, each kind in a call of its own, so that
/// middles are normalised with middles and neighbours with neighbours.
/// </remarks>
public sealed class ContextPrediction : Method
{
    private readonly ContextPredictionOptions options;
    private readonly Mlp head;

    public ContextPrediction(Backbone backbone, ContextPredictionOptions options) : base(backbone)
    {
        this.options = options;
        Views = ViewPlan.Crop(options.Augmentation);
        head = Add("head", new Mlp(2 * backbone.Dim, Heads.Blocks([options.Hidden, PatchGrid.Neighbours], Norm.Batch, Norm.None)));
    }

    public static MethodEntry Entry { get; } = new(
        new MethodInfo(
            "context-prediction",
            "predictive",
            ["image"],
            "Doersch, Gupta and Efros: Unsupervised Visual Representation Learning by Context Prediction, arXiv:1505.05192",
            2015,
            "Tell which of eight neighbours of a patch another patch is"),
        new ContextPredictionOptions(),
        ContextPredictionOptions.Table.As<MethodOptions>(),
        (backbone, options) => new ContextPrediction(backbone, (ContextPredictionOptions)options))
    {
        // Patches are small parts of a picture: it may be larger than where a method sees all of it.
        Setup = new MethodSetup { LargestSide = 64 },
    };

    public override ViewPlan Views { get; }

    public override Tensor Loss(Batch batch, Diagnostics diagnostics)
    {
        Tensor pictures = batch.View(0);
        int side = pictures.Shape[1];
        var grid = PatchGrid.Within(side);
        RandomSequence random = Scope.NextRandom("patches", Path);
        PictureWindow[] middles = new PictureWindow[batch.Size], neighbours = new PictureWindow[batch.Size];
        int[] targets = new int[batch.Size];
        for (int i = 0; i < batch.Size; i++)
        {
            targets[i] = random.NextInt(PatchGrid.Neighbours);
            (middles[i], neighbours[i]) = grid.Pair(i, side, targets[i], ref random);
        }

        Tensor first = Backbone.Forward(Cut(pictures, middles));            // [N, Dim]
        Tensor second = Backbone.Forward(Cut(pictures, neighbours));        // [N, Dim]
        Tensor logits = head.Forward(Ops.Concat(1, first, second));         // [N, 8]
        ClassReport.Report(diagnostics, logits, targets, []);
        return Ops.CrossEntropy(logits, targets);
    }

    public override double? ChanceLoss(int batchSize) => Math.Log(PatchGrid.Neighbours);

    /// <summary>[N, s, s, 3]</summary>
    private Tensor Cut(Tensor pictures, PictureWindow[] windows)
    {
        Tensor patches = Windows.Cut(pictures, windows, options.PatchSize ?? Windows.ShownSide(windows[0].Side, Backbone.Options));
        ColourGuards.Apply(patches, options.ColourGuard, Scope.Current!.Seed, Scope.NextStream("colour guard", Path), Scope.Current.Step);
        return patches;
    }
}
