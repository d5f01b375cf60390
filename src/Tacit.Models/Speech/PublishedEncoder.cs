using System.Text.Json.Nodes;
using Tacit.Tensors;

namespace Tacit.Models;

/// <summary>
/// A speech encoder in a folder as Hugging Face publishes it: <c>config.json</c>, <c>model.safetensors</c> and
/// <c>preprocessor_config.json</c>. Models of type wav2vec2, hubert, data2vec-audio and wavlm can be read and written.
/// </summary>
public sealed class PublishedEncoder
{
    private const string ConfigFile = "config.json", WeightsFile = "model.safetensors", InputFile = "preprocessor_config.json";

    private static readonly string[] Own = ["encoder.", "feature_extractor.", "feature_projection."];

    /// <param name="type">wav2vec2, hubert, data2vec-audio or wavlm.</param>
    /// <param name="encoder">What is published.</param>
    /// <param name="normalize">Whether it takes waves of mean 0 and variance 1.</param>
    /// <param name="sampleRate">Samples a second that it takes.</param>
    /// <exception cref="TacitException">No such type, or one whose encoders are built otherwise.</exception>
    public PublishedEncoder(string type, Wav2Vec2Encoder encoder, bool normalize, int sampleRate = 16000)
    {
        if (!PublishedConfig.Types.ContainsKey(type) || !PublishedConfig.Fits(type, encoder.Config))
        {
            throw new TacitException($"This encoder cannot be published as a model of type '{type}', which is built otherwise or not known.");
        }

        (Type, Encoder, Normalize, SampleRate) = (type, encoder, normalize, sampleRate);
    }

    /// <summary><c>model_type</c> of the configuration.</summary>
    public string Type { get; }

    public Wav2Vec2Encoder Encoder { get; }

    /// <summary>Whether each wave is brought to mean 0 and variance 1 first (<see cref="Prepare"/>).</summary>
    public bool Normalize { get; }

    /// <summary>Samples a second.</summary>
    public int SampleRate { get; }

    /// <summary>Weights in the file that are no part of the encoder: heads of tasks, quantisers.</summary>
    public IReadOnlyList<string> Ignored { get; private init; } = [];

    /// <summary>Whether a path is such a folder.</summary>
    public static bool IsFolder(string path) => File.Exists(Path.Combine(path, ConfigFile)) && File.Exists(Path.Combine(path, WeightsFile));

    /// <summary>Reads a folder; the encoder is then ready for evaluation.</summary>
    /// <param name="folder">Holds the files.</param>
    /// <param name="publishedPadding">Whether padding is treated as the published model does (<see cref="Wav2Vec2Options.PublishedPadding"/>).</param>
    /// <exception cref="TacitException">A file is missing or damaged, weights are missing or of another shape, or the model is of a kind not to be had here.</exception>
    public static PublishedEncoder Load(string folder, bool publishedPadding = false)
    {
        string config = Path.Combine(folder, ConfigFile), weights = Path.Combine(folder, WeightsFile), input = Path.Combine(folder, InputFile);
        var (type, options) = PublishedConfig.Read(JsonFile.Read(config), config);
        bool normalize = true;
        int rate = 16000;
        if (File.Exists(input))
        {
            JsonFile file = JsonFile.Read(input);
            file.Require("feature_size", 1);
            normalize = file.Flag("do_normalize", true);
            rate = file.Whole("sampling_rate", rate);
        }

        var encoder = new Wav2Vec2Encoder(options with { PublishedPadding = publishedPadding });
        IReadOnlyList<string> ignored = Fill(encoder, weights, PublishedConfig.Types[type].Prefix);
        encoder.Eval();
        return new PublishedEncoder(type, encoder, normalize, rate) { Ignored = ignored };
    }

    /// <summary>The type of model that an encoder is published as: wav2vec2 but for what only data2vec-audio or wavlm can be.</summary>
    public static string TypeOf(Wav2Vec2Options options) =>
        PublishedConfig.Fits(PublishedConfig.WavLm, options) ? PublishedConfig.WavLm
        : PublishedConfig.Fits(PublishedConfig.Data2Vec, options) ? PublishedConfig.Data2Vec
        : PublishedConfig.Wav2Vec2;

    /// <summary>Writes vocab.json: each symbol with its number.</summary>
    /// <param name="folder">There already.</param>
    /// <param name="symbols">By number, the blank, <c>&lt;pad&gt;</c>, first.</param>
    public static void WriteVocabulary(string folder, IReadOnlyList<string> symbols) => JsonFile.Write(
        Path.Combine(folder, "vocab.json"), new JsonObject(symbols.Select((symbol, number) => KeyValuePair.Create<string, JsonNode?>(symbol, number))));

    /// <summary>Writes a folder that loads here, in Hugging Face's library and in torchaudio; makes it where there is none.</summary>
    /// <exception cref="TacitException">It cannot be written.</exception>
    public void Save(string folder) => Save(folder, null, null);

    /// <summary>The same with a head for CTC: its weights go beside the encoder's, which then have the type's prefix, and its symbols into vocab.json.</summary>
    /// <param name="folder">Made where there is none.</param>
    /// <param name="head"><c>lm_head.weight</c> [V, D] and <c>lm_head.bias</c>; null for the encoder alone.</param>
    /// <param name="symbols">V names by number, the blank, <c>&lt;pad&gt;</c>, first.</param>
    /// <exception cref="TacitException">It cannot be written.</exception>
    public void Save(string folder, IReadOnlyDictionary<string, Tensor>? head, IReadOnlyList<string>? symbols)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new TacitException($"Could not make the folder {folder}: {error.Message.TrimEnd('.')}.", error);
        }

        (string prefix, string architecture) = PublishedConfig.Types[Type];
        IEnumerable<KeyValuePair<string, Tensor>> weights = head is null ? Encoder.StateDict()
            : [.. Encoder.StateDict().Select(p => KeyValuePair.Create(prefix + p.Key, p.Value)), .. head];
        Safetensors.Write(Path.Combine(folder, WeightsFile), weights, new Dictionary<string, string> { ["format"] = "pt" });
        JsonFile.Write(Path.Combine(folder, InputFile), new JsonObject
        {
            ["do_normalize"] = Normalize,
            ["feature_extractor_type"] = "Wav2Vec2FeatureExtractor",
            ["feature_size"] = 1,
            ["padding_side"] = "right",
            ["padding_value"] = 0,
            ["return_attention_mask"] = Encoder.Config.FrontNorm == FrontNorm.Layer,
            ["sampling_rate"] = SampleRate,
        });
        JsonObject config = PublishedConfig.Write(Type, Encoder.Config);
        if (symbols is not null)
        {
            config["architectures"] = new JsonArray(architecture.Replace("Model", "ForCTC", StringComparison.Ordinal));
            config["ctc_loss_reduction"] = "mean";
            config["pad_token_id"] = 0;
            config["vocab_size"] = symbols.Count;
            WriteVocabulary(folder, symbols);
        }

        JsonFile.Write(Path.Combine(folder, ConfigFile), config);
    }

    /// <summary>Waves as the encoder takes them: where it was trained so, each of mean 0 and variance 1, with 0 in padding.</summary>
    /// <param name="waves">[N, T], in ±1.</param>
    /// <param name="lengths">Samples of each that are real; null where all are.</param>
    public Tensor Prepare(Tensor waves, int[]? lengths = null)
    {
        if (!Normalize)
        {
            return waves;
        }

        Tensor prepared = Tensor.Zeros(waves.Shape);
        for (int n = 0; n < waves.Shape[0]; n++)
        {
            int count = lengths?[n] ?? waves.Shape[1];
            ReadOnlySpan<float> wave = waves.Span.Slice(n * waves.Shape[1], count);
            double mean = 0, variance = 0;
            foreach (float sample in wave)
            {
                mean += sample / (double)count;
            }

            foreach (float sample in wave)
            {
                variance += (sample - mean) * (sample - mean) / count;
            }

            double scale = 1 / Math.Sqrt(variance + 1e-7);
            Span<float> to = prepared.Span.Slice(n * waves.Shape[1], count);
            for (int i = 0; i < count; i++)
            {
                to[i] = (float)((wave[i] - mean) * scale);
            }
        }

        return prepared;
    }

    private static List<string> Fill(Wav2Vec2Encoder encoder, string path, string prefix)
    {
        if (!File.Exists(path))
        {
            string hint = Directory.Exists(Path.GetDirectoryName(path)) && Directory.EnumerateFiles(Path.GetDirectoryName(path)!, "pytorch_model*.bin").Any()
                ? "; the folder's pytorch_model.bin must be converted to it first"
                : string.Empty;
            throw new TacitException($"There is no file {path}{hint}.");
        }

        OrderedDictionary<string, Tensor> tensors = Safetensors.Read(path).Tensors;
        bool task = tensors.Keys.Any(name => name.StartsWith(prefix, StringComparison.Ordinal));
        var own = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        List<string> ignored = [];
        OrderedDictionary<string, Tensor> state = encoder.StateDict();
        foreach (var (name, tensor) in tensors)
        {
            string inner = task && name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : name;
            inner = inner.Replace(".parametrizations.weight.original0", ".weight_g", StringComparison.Ordinal)
                .Replace(".parametrizations.weight.original1", ".weight_v", StringComparison.Ordinal);
            bool belongs = state.ContainsKey(inner) || Own.Any(part => inner.StartsWith(part, StringComparison.Ordinal));
            if (belongs && (!task || name.StartsWith(prefix, StringComparison.Ordinal)))
            {
                own.Add(inner, tensor);
            }
            else
            {
                ignored.Add(name);
            }
        }

        // A model trained without masks has no mask embedding; it begins as a new one's.
        Nn.StateFit fit = encoder.Compare(own);
        fit = fit with { Missing = [.. fit.Missing.Where(name => name != Wav2Vec2Encoder.MaskName)] };
        if (!fit.Perfect)
        {
            throw new TacitException($"{path} does not hold the weights that its {ConfigFile} describes: {fit}.");
        }

        encoder.Load(own, strict: false);
        encoder.Initialize(0);
        return ignored;
    }
}
