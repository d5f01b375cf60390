using Tacit.Data.Augment;
using Tacit.Data.Loading;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>What methods that compare exactly two views of each picture have in common.</summary>
internal static class TwoViews
{
    /// <summary>The two views, [N, H, W, 3] each.</summary>
    /// <exception cref="TacitException">The batch has more views, or fewer.</exception>
    public static (Tensor First, Tensor Second) Of(Batch batch, string method) => batch is { ViewCount: 2, Locals: null }
        ? (batch.View(0), batch.View(1))
        : throw new TacitException($"{method} compares two views of a picture; it was given {batch.ViewCount} of the full side and {batch.LocalCount} smaller ones. For multi-crop use dino or swav.");

    /// <summary>Both views alike, but for how often the second is solarised.</summary>
    /// <remarks>Grill et al. 2020, arXiv:2006.07733, appendix B.</remarks>
    public static AugmentationOptions[] Asymmetric(AugmentationOptions options, float secondSolarize) =>
        [options, options with { SolarizeProbability = secondSolarize }];
}
