using Tacit.Data.Loading;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>Counts once how often each colour bin occurs in the data, and weights the bins against it.</summary>
/// <param name="weights">[Q] takes the weights.</param>
/// <param name="mean">[3] takes what the pictures' levels are normalised by.</param>
/// <param name="deviation">[3] likewise.</param>
/// <param name="stride">Pixels of a place along each axis.</param>
/// <param name="options">How many pictures, and λ.</param>
/// <remarks>Zhang et al. 2016, section 2.2. Counting soft encodings smooths the frequencies with the paper's σ of 5.</remarks>
internal sealed class ColourCount(Tensor weights, Tensor mean, Tensor deviation, int stride, ColorizationOptions options) : Stage
{
    public override string Name => "colours";

    public override int? MostItems => options.CountedPictures;

    public override int Width => ColourBins.Count;

    public override void Look(Batch batch, Tensor rows)
    {
        for (int c = 0; c < 3; c++)
        {
            mean.Span[c] = batch.Normalization.Mean[c];
            deviation.Span[c] = batch.Normalization.Deviation[c];
        }

        Tensor colours = ColourField.Colours(batch.View(0), batch.Normalization, stride);
        Tensor targets = ColourField.Targets(colours);
        int places = targets.Shape[0] / batch.Size;
        Ops.Mean(targets.Reshape(batch.Size, places, ColourBins.Count), 1).Span.CopyTo(rows.Span);
    }

    public override int[]? Fit(Tensor rows, int[] items, int count, StageContext context)
    {
        var prior = new double[ColourBins.Count];
        ReadOnlySpan<float> values = rows.Span;
        for (int i = 0; i < values.Length; i++)
        {
            prior[i % prior.Length] += values[i];
        }

        ColourBins.Rebalance(prior, options.Rebalance).CopyTo(weights.Span);
        return null;
    }
}
