using Tacit.Data.Loading;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>Jigsaw: nine tiles of a picture in another order; which of the known orders is it?</summary>
/// <remarks>
/// Noroozi and Favaro 2016, arXiv:1603.09246. One encoder sees every tile alone (the siamese-ennead network); only the head
/// sees all nine.
/// </remarks>
public sealed class Jigsaw : Method
{
    private readonly JigsawOptions options;
    private readonly int[][] permutations;
    private readonly Mlp head;

    public Jigsaw(Backbone backbone, JigsawOptions options) : base(backbone)
    {
        this.options = options;
        Views = ViewPlan.Crop(options.Augmentation);
        permutations = FarPermutations.Choose(options.Permutations);
        head = Add("head", new Mlp(FarPermutations.Tiles * backbone.Dim, Heads.Blocks([options.Hidden, options.Permutations], Norm.Batch, Norm.None)));
    }

    public static MethodEntry Entry { get; } = new(
        new MethodInfo(
            "jigsaw",
            "predictive",
            ["image"],
            "Noroozi and Favaro: Unsupervised Learning of Visual Representations by Solving Jigsaw Puzzles, arXiv:1603.09246",
            2016,
            "Tell in which order the nine tiles of a picture lie"),
        new JigsawOptions(),
        JigsawOptions.Table.As<MethodOptions>(),
        (backbone, options) => new Jigsaw(backbone, (JigsawOptions)options))
    {
        Setup = new MethodSetup { LargestSide = 64 },
    };

    public override ViewPlan Views { get; }

    public override Tensor Loss(Batch batch, Diagnostics diagnostics)
    {
        Tensor pictures = batch.View(0);
        int side = pictures.Shape[1];
        var grid = TileGrid.Within(side);
        RandomSequence random = Scope.NextRandom("tiles", Path);
        var windows = new PictureWindow[batch.Size * FarPermutations.Tiles];
        int[] targets = new int[batch.Size];
        for (int i = 0; i < batch.Size; i++)
        {
            targets[i] = random.NextInt(permutations.Length);
            grid.Arrange(i, side, permutations[targets[i]], ref random, windows.AsSpan(i * FarPermutations.Tiles, FarPermutations.Tiles));
        }

        Tensor tiles = Windows.Cut(pictures, windows, options.TileSize ?? Windows.ShownSide(grid.Tile, Backbone.Options));
        Windows.Standardize(tiles);                                                                 // [9N, s, s, 3], nine after nine
        Tensor features = Backbone.Forward(tiles);                                                  // [9N, Dim]
        Tensor logits = head.Forward(features.Reshape(batch.Size, FarPermutations.Tiles * Backbone.Dim));     // [N, P]
        ClassReport.Report(diagnostics, logits, targets, []);
        return Ops.CrossEntropy(logits, targets);
    }

    public override double? ChanceLoss(int batchSize) => Math.Log(permutations.Length);
}
