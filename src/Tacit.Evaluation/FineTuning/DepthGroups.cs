using System.Globalization;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Evaluation;

/// <summary>
/// Layer-wise learning rates: with L layers, layer l of 1 … L learns at decay^(L + 1 - l) times the rate of the head, what comes before
/// the first layer at decay^(L + 1), and a norm behind the last as the head. The layers are a residual network's stages, the blocks of a
/// transformer or Conformer, and the layers of a recurrent stack.
/// </summary>
/// <remarks>Clark et al. 2020, arXiv:2003.10555, appendix A.1; Bao et al. 2021, arXiv:2106.08254.</remarks>
public static class DepthGroups
{
    /// <summary>The groups of a backbone's parameters that learn, weights and those spared from decay apart; the deepest come last.</summary>
    /// <param name="backbone">Whose parameters.</param>
    /// <param name="decay">Above 0, at most 1.</param>
    /// <param name="weightDecay">Of parameters with more than one axis.</param>
    public static IReadOnlyList<ParameterGroup> Of(Backbone backbone, double decay, double weightDecay)
    {
        (int[] depths, int top) = Depths(backbone);
        var groups = new List<ParameterGroup>();
        foreach (IGrouping<int, (Tensor Parameter, int Depth)> depth in backbone.Parameters().Zip(depths).Where(p => p.First.RequiresGrad).GroupBy(p => p.Second).OrderBy(g => g.Key))
        {
            ILookup<bool, Tensor> spared = depth.ToLookup(p => p.Parameter.Rank <= 1, p => p.Parameter);
            double scale = Math.Pow(decay, top - depth.Key);
            groups.AddRange(new[] { false, true }.Where(spared.Contains)
                .Select(plain => new ParameterGroup([.. spared[plain]]) { LrScale = scale, WeightDecay = plain ? 0 : weightDecay }));
        }

        return groups;
    }

    /// <summary>The layer of each parameter, in their order: 0 before the first, L + 1 behind the last; and L + 1, the head's.</summary>
    internal static (int[] Depths, int Head) Depths(Backbone backbone)
    {
        string[] names = [.. backbone.NamedParameters().Select(p => p.Key)];
        int?[] layers = Array.ConvertAll(names, name => Layer(backbone.Options, name));
        int last = Array.FindLastIndex(layers, l => l is not null), top = (layers.Max() ?? 0) + 1;
        bool Behind(string name, int place) => place > last || (backbone.Options.PreNorm && name.StartsWith("encoder.layer_norm.", StringComparison.Ordinal));
        return ([.. names.Select((name, i) => layers[i] ?? (Behind(name, i) ? top : 0))], top);
    }

    /// <summary>The layer that a parameter's name tells, from 1; null for none.</summary>
    private static int? Layer(BackboneOptions options, string name) => BackboneFactory.Architecture(options.Name) switch
    {
        BackboneFactory.ResNet => Number(name, "layer"),
        BackboneFactory.Vit => Number(name, "encoder_layer_") + 1,
        BackboneFactory.PixelTransformer or BackboneFactory.TokenTransformer => Number(name, "blocks.") + 1,
        BackboneFactory.Wav2Vec2 => Number(name, "encoder.layers.") + 1,
        BackboneFactory.Wav2Vec => Number(name, "feature_aggregator.conv_layers.") + 1,
        BackboneFactory.VqWav2Vec => Number(name, "bert.layer") + 1,
        BackboneFactory.Gru => Number(name, "rnn_layers.") + 1,
        BackboneFactory.Cpc or BackboneFactory.Decoar => Number(name, "_l") + 1,
        BackboneFactory.FbankTransformer => Number(name, "encoder.layer.") + 1,
        BackboneFactory.Conformer => Number(name, "conformer_layers.") + 1,
        BackboneFactory.AudioNtt => (Number(name, "features.") / 4) + 1 ?? (Number(name, "fc.") is { } linear ? linear == 0 ? 4 : 5 : null),
        _ => null,
    };

    /// <summary>The whole number right behind a word in a name; null where there is none.</summary>
    private static int? Number(string name, string word)
    {
        for (int at = name.IndexOf(word, StringComparison.Ordinal); at >= 0; at = name.IndexOf(word, at + 1, StringComparison.Ordinal))
        {
            ReadOnlySpan<char> rest = name.AsSpan(at + word.Length);
            int digits = rest.IndexOfAnyExceptInRange('0', '9');
            if (int.TryParse(digits < 0 ? rest : rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out int number))
            {
                return number;
            }
        }

        return null;
    }
}
