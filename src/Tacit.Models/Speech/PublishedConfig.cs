using System.Text.Json.Nodes;
using Tacit.Tensors;

namespace Tacit.Models;

/// <summary>The <c>config.json</c> of a published speech encoder, to options and back.</summary>
/// <remarks>Keys, and what is meant where one is absent, are those of Hugging Face's configurations of these models.</remarks>
internal static class PublishedConfig
{
    public const string Wav2Vec2 = "wav2vec2", Hubert = "hubert", Data2Vec = "data2vec-audio", WavLm = "wavlm";

    /// <summary>The kinds of model there are, with the prefix of a task model's weights and the name of the model without a task.</summary>
    public static IReadOnlyDictionary<string, (string Prefix, string Architecture)> Types { get; } =
        new Dictionary<string, (string, string)>(StringComparer.Ordinal)
        {
            [Wav2Vec2] = ("wav2vec2.", "Wav2Vec2Model"),
            [Hubert] = ("hubert.", "HubertModel"),
            [Data2Vec] = ("data2vec_audio.", "Data2VecAudioModel"),
            [WavLm] = ("wavlm.", "WavLMModel"),
        };

    /// <exception cref="TacitException">A kind of model or a setting that is not to be had here.</exception>
    public static (string Type, Wav2Vec2Options Options) Read(JsonFile file, string path)
    {
        string type = file.Text("model_type", string.Empty);
        if (!Types.ContainsKey(type))
        {
            throw new TacitException($"{path} describes a model of type '{type}'; those that can be loaded are {string.Join(", ", Types.Keys)}.");
        }

        foreach (string key in new[] { "hidden_act", "feat_extract_activation" })
        {
            file.Require(key, "gelu");
        }

        file.Require("add_adapter", false);
        file.Require("conv_pos_batch_norm", false);
        file.Require("feat_proj_layer_norm", true);
        file.Require("layer_norm_eps", 1e-5);
        file.RequireNull("adapter_attn_dim");
        bool stacked = type == Data2Vec;
        var published = new Wav2Vec2Options();
        string norm = file.Text("feat_extract_norm", stacked ? "layer" : "group");
        return (type, new Wav2Vec2Options
        {
            ConvDims = file.Wholes("conv_dim", published.ConvDims),
            ConvKernels = file.Wholes("conv_kernel", published.ConvKernels),
            ConvStrides = file.Wholes("conv_stride", published.ConvStrides),
            FrontNorm = stacked || norm == "layer" ? FrontNorm.Layer : norm == "group" ? FrontNorm.Group
                : throw new TacitException($"{path} gives '{norm}' as feat_extract_norm, which is neither group nor layer."),
            ConvBias = file.Flag("conv_bias", false),
            Dim = file.Whole("hidden_size", published.Dim),
            Layers = file.Whole("num_hidden_layers", published.Layers),
            Heads = file.Whole("num_attention_heads", published.Heads),
            FeedForward = file.Whole("intermediate_size", published.FeedForward),
            PreNorm = !stacked && file.Flag("do_stable_layer_norm", false),
            PositionDepth = stacked ? file.Whole("num_conv_pos_embeddings", 5) : 1,
            PositionKernel = stacked ? file.Whole("conv_pos_kernel_size", 19) : file.Whole("num_conv_pos_embeddings", published.PositionKernel),
            PositionGroups = file.Whole("num_conv_pos_embedding_groups", published.PositionGroups),
            RelativeBuckets = type == WavLm ? file.Whole("num_buckets", 320) : 0,
            RelativeMaxDistance = type == WavLm ? file.Whole("max_bucket_distance", 800) : published.RelativeMaxDistance,
            Dropout = file.Number("hidden_dropout", 0.1f),
            AttentionDropout = file.Number("attention_dropout", 0.1f),
            ActivationDropout = file.Number("activation_dropout", 0.1f),
            InputDropout = file.Number("feat_proj_dropout", 0),
            LayerDrop = file.Number("layerdrop", 0.1f),
            FrontGradient = 1,
        });
    }

    public static JsonObject Write(string type, Wav2Vec2Options o)
    {
        JsonArray List(IEnumerable<int> values) => [.. values.Select(value => (JsonNode)value)];
        var root = new JsonObject
        {
            ["activation_dropout"] = Short(o.ActivationDropout),
            ["architectures"] = new JsonArray(Types[type].Architecture),
            ["attention_dropout"] = Short(o.AttentionDropout),
            ["conv_bias"] = o.ConvBias,
            ["conv_dim"] = List(o.ConvDims),
            ["conv_kernel"] = List(o.ConvKernels),
            ["conv_stride"] = List(o.ConvStrides),
            ["do_stable_layer_norm"] = o.PreNorm,
            ["feat_extract_activation"] = "gelu",
            ["feat_extract_norm"] = o.FrontNorm == FrontNorm.Group ? "group" : "layer",
            ["feat_proj_dropout"] = Short(o.InputDropout),
            ["hidden_act"] = "gelu",
            ["hidden_dropout"] = Short(o.Dropout),
            ["hidden_size"] = o.Dim,
            ["intermediate_size"] = o.FeedForward,
            ["layer_norm_eps"] = 1e-5,
            ["layerdrop"] = Short(o.LayerDrop),
            ["model_type"] = type,
            ["num_attention_heads"] = o.Heads,
            ["num_conv_pos_embedding_groups"] = o.PositionGroups,
            ["num_conv_pos_embeddings"] = type == Data2Vec ? o.PositionDepth : o.PositionKernel,
            ["num_feat_extract_layers"] = o.ConvDims.Count,
            ["num_hidden_layers"] = o.Layers,
        };
        if (type == Data2Vec)
        {
            root["conv_pos_kernel_size"] = o.PositionKernel;
        }
        else if (type == WavLm)
        {
            root["max_bucket_distance"] = o.RelativeMaxDistance;
            root["num_buckets"] = o.RelativeBuckets;
        }

        return root;
    }

    /// <summary>Whether a kind of model can be of these options.</summary>
    public static bool Fits(string type, Wav2Vec2Options o) => type switch
    {
        Data2Vec => o is { RelativeBuckets: 0, PositionDepth: > 1, FrontNorm: FrontNorm.Layer, PreNorm: false },
        WavLm => o is { RelativeBuckets: > 0, PositionDepth: 1 },
        _ => o is { RelativeBuckets: 0, PositionDepth: 1 },
    };

    /// <summary>The double that is written as the float is: 0.1, not 0.10000000149.</summary>
    private static double Short(float value) => double.Parse(value.ToString("R", System.Globalization.CultureInfo.InvariantCulture), System.Globalization.CultureInfo.InvariantCulture);
}
