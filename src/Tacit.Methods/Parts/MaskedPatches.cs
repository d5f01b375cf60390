using Tacit.Models;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>What methods that hide patches share: the encoder they need, the ratios that work, and how hidden patches are shown.</summary>
internal static class MaskedPatches
{
    /// <summary>The vision transformer that a method masks patches of.</summary>
    /// <exception cref="ConfigurationException">The backbone is another.</exception>
    public static VisionTransformer Encoder(Backbone backbone, string method) => backbone as VisionTransformer ?? throw NoPatches(method, backbone.Options.Name);

    /// <summary>Refuses an encoder without patches, and a ratio that hides all or nothing of the smallest picture.</summary>
    /// <param name="fit">The data.</param>
    /// <param name="method">Its name.</param>
    /// <param name="side">Of what is hidden at once, in patches.</param>
    /// <param name="ratio">The share that is hidden.</param>
    /// <exception cref="ConfigurationException">It cannot work; says what would.</exception>
    public static void Refuse(DataFit fit, string method, int side, double ratio)
    {
        if (fit.Model.Name != BackboneFactory.Vit)
        {
            throw NoPatches(method, fit.Model.Name);
        }

        int across = fit.Side / (fit.Model.PatchSize * side);
        if (across < 2)
        {
            throw DataFit.Refusal(
                "model.patch-size",
                $"a picture of {fit.Side} pixels is {(across == 1 ? "one patch" : "less than a patch")} of {fit.Model.PatchSize * side}, of which nothing can be hidden and something seen; give at most {Math.Max(1, fit.Side / (2 * side))}");
        }

        RefuseRatio(across * across, ratio);
    }

    /// <summary>Refuses a ratio that hides all or nothing.</summary>
    /// <param name="places">Of which a share is hidden.</param>
    /// <param name="ratio">The share.</param>
    /// <exception cref="ConfigurationException">It cannot work; says what would.</exception>
    public static void RefuseRatio(int places, double ratio)
    {
        try
        {
            _ = Mask.Keeps(places, ratio);
        }
        catch (TacitException error)
        {
            throw DataFit.Refusal("method.mask-ratio", char.ToLowerInvariant(error.Message[0]) + error.Message[1..]);
        }
    }

    /// <summary>Refuses an encoder whose features are its class token, where the loss looks at patches alone and leaves it as it began.</summary>
    /// <exception cref="ConfigurationException">They are.</exception>
    public static void RefuseClassToken(DataFit fit, string method)
    {
        if (fit.Model.Pool == "token")
        {
            throw DataFit.Refusal("model.pool", $"{method} learns from patches alone, so a class token would tell nothing of a picture; give model.pool=mean");
        }
    }

    /// <summary>Pictures with their masked patches, or all others, taken from other patches [N, P, W].</summary>
    public static Tensor Replaced(Tensor patches, Mask mask, Tensor by)
    {
        Tensor shown = Tensor.Empty(patches.Shape);
        patches.Span.CopyTo(shown.Span);
        int width = patches.Shape[2];
        foreach (int row in mask.MaskedRows())
        {
            by.Span.Slice(row * width, width).CopyTo(shown.Span.Slice(row * width, width));
        }

        return shown;
    }

    private static ConfigurationException NoPatches(string method, string model) =>
        DataFit.Refusal("model.name", $"{method} hides patches, which {model} does not have; it works with {BackboneFactory.Vit}");
}
