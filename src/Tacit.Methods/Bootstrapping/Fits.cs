using Tacit.Models;

namespace Tacit.Methods;

/// <summary>What this family's methods need of the run around them.</summary>
internal static class Fits
{
    /// <summary>Refuses a batch of one.</summary>
    /// <param name="why">What one picture is too few for.</param>
    /// <exception cref="ConfigurationException">It is one.</exception>
    public static void RefuseOne(DataFit fit, string why)
    {
        if (fit.BatchSize < 2)
        {
            throw DataFit.Refusal("train.batch-size", $"{why}; give at least 2");
        }
    }

    /// <summary>The rows and columns of patches of the smallest pictures that a masked method will see.</summary>
    /// <exception cref="ConfigurationException">The encoder has no patches.</exception>
    public static int Rows(DataFit fit, string method)
    {
        if (fit.Model.Name != BackboneFactory.Vit)
        {
            throw DataFit.Refusal("model.name", $"{method} hides patches of a picture, and {fit.Model.Name} has none; use {BackboneFactory.Vit}");
        }

        return fit.Side / fit.Model.PatchSize;
    }

    /// <summary>The encoder as one that has patches.</summary>
    /// <exception cref="TacitException">It has none.</exception>
    public static VisionTransformer Transformer(Backbone backbone, string method) => backbone as VisionTransformer
        ?? throw new TacitException($"{method} hides patches of a picture, and {backbone.Options.Name} has none; use {BackboneFactory.Vit}.");
}
