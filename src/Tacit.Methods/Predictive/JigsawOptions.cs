using Tacit.Data.Augment;

namespace Tacit.Methods;

/// <summary>The options of <see cref="Jigsaw"/>.</summary>
public sealed record JigsawOptions : MethodOptions
{
    /// <summary>How many arrangements are told apart; the paper has 1000, a run of minutes learns from fewer.</summary>
    public int Permutations { get; init; } = 100;

    /// <summary>
    /// Side in pixels of a tile as the encoder sees it; null for that of the tile as cut out, but at least 12. In a picture of
    /// 32 pixels tiles are cut out at 8, in one of 64 at 17, in the paper's 225 at 64.
    /// </summary>
    public int? TileSize { get; init; }

    /// <summary>Width of the layer that sees all nine tiles; the paper's fc7 has 4096.</summary>
    public int Hidden { get; init; } = 512;

    /// <summary>
    /// Of the picture before it is cut: large crops and flips, and grey for three in ten, as the paper has it against the telling
    /// colours of lenses.
    /// </summary>
    public AugmentationOptions Augmentation { get; init; } = AugmentationOptions.CropAndFlip with { MinScale = 0.5f, GreyProbability = 0.3f };

    internal static OptionTable<JigsawOptions> Table { get; } = new OptionTable<JigsawOptions>()
        .Whole("permutations", o => o.Permutations, (o, v) => o with { Permutations = (int)v }, new Interval(2, FarPermutations.Most))
        .WholeOrAuto("tile-size", o => o.TileSize, (o, v) => o with { TileSize = (int?)v }, new Interval(4, 1024))
        .Whole("hidden", o => o.Hidden, (o, v) => o with { Hidden = (int)v }, new Interval(1, 1 << 16))
        .Section("augmentation", o => o.Augmentation, (o, v) => o with { Augmentation = v }, AugmentationTable.Keys);

    public override void Validate() => Augmentation.Validate();

    public override MethodOptions FitTo(DataFit fit)
    {
        Windows.RequireWhole(fit, "method.tile-size", TileSize);
        return fit.Side >= TileGrid.SmallestSide
            ? this
            : throw DataFit.Refusal("data.size", $"a picture of {fit.Side} pixels is too small for 3×3 tiles with gaps; give at least {TileGrid.SmallestSide}");
    }
}
