using Tacit.Data.Loading;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>Finds a palette: k-means of the colours of some pictures, once, before the first step.</summary>
/// <remarks>Chen et al. 2020 (iGPT), section 2.2: k-means with k = 512 in RGB. Here in normalised RGB, of at most 512 pictures and of large pictures every other pixel or fewer.</remarks>
internal sealed class PaletteStage(PixelTransformer model) : Stage
{
    private const int MostPictures = 512, MostAcross = 16, Iterations = 25;

    public override string Name => "palette";

    public override int? MostItems => MostPictures;

    public override int Width => Across(model.Side) * Across(model.Side) * 3;

    /// <summary>How many pixels a palette is made from.</summary>
    public static long Pixels(int items, int side) => (long)Math.Min(items, MostPictures) * Across(side) * Across(side);

    public override int Side(int side) => model.Side;

    public override void Look(Batch batch, Tensor rows)
    {
        int side = model.Side, across = Across(side), step = Step(side);
        for (int item = 0; item < batch.Size; item++)
        {
            ReadOnlySpan<float> pixels = batch.Views.Rows(item, 1).Span;
            Span<float> kept = rows.Rows(item, 1).Span;
            for (int place = 0; place < across * across; place++)
            {
                int at = ((place / across * step * side) + (place % across * step)) * 3;
                pixels.Slice(at, 3).CopyTo(kept[(3 * place)..]);
            }
        }
    }

    public override int[]? Fit(Tensor rows, int[] items, int count, StageContext context)
    {
        Tensor colours = rows.Reshape(-1, 3);
        if (colours.Shape[0] < model.Colours)
        {
            throw DataFit.Refusal("model.colours", $"a palette of {model.Colours} colours cannot be found among the {colours.Shape[0]} pixels that could be decoded; give at most {colours.Shape[0]}");
        }

        var found = KMeans.Fit(colours, new KMeansOptions(model.Colours) { Iterations = Iterations }, context.Seed, context.Round);
        found.Centroids.Span.CopyTo(model.Palette.Span);
        if (found.Empty > 0)
        {
            context.Note($"The pictures have {model.Colours - found.Empty} different colours, so {found.Empty} of the palette's {model.Colours} (model.colours) are not used.");
        }

        return null;
    }

    private static int Step(int side) => Math.Max(1, side / MostAcross);

    private static int Across(int side) => (side + Step(side) - 1) / Step(side);
}
