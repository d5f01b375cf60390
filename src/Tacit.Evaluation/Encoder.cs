using Tacit.Data;
using Tacit.Data.Loading;
using Tacit.Methods;
using Tacit.Models;
using Tacit.Tensors;
using Tacit.Training;

namespace Tacit.Evaluation;

/// <summary>
/// Something that turns items into features and is not trained any more: a run's backbone, an untrained one, or the
/// pixels or mean FBANK frames themselves.
/// </summary>
public sealed partial class Encoder
{
    /// <summary>The name of the baseline that takes pixels, or the mean and deviation of FBANK frames, as they are.</summary>
    public const string RawName = "raw";

    /// <summary>What the names of untrained baselines begin with.</summary>
    public const string RandomPrefix = "random:";

    /// <summary>The name of all layers of one width together, whose sum a linear probe learns to weigh.</summary>
    public const string Weighted = "weighted";

    private const int BatchSize = 128;

    private readonly Backbone? backbone;
    private readonly string name;

    private Encoder(string name, InputFormat input, Backbone? backbone, ulong seed, string layer = Backbone.Last)
    {
        this.name = name;
        Input = input;
        Seed = seed;
        Layer = layer;
        this.backbone = backbone;
        backbone?.Eval();
    }

    /// <summary>As results call it: with the layer where it is not the last.</summary>
    public string Name => Layer == Backbone.Last ? name : $"{name}@{Layer}";

    /// <summary>The layer whose output the features are: one of <see cref="Layers"/>, <c>last</c> or <c>weighted</c>.</summary>
    public string Layer { get; }

    /// <summary>The layers whose output can be features; none for what is raw.</summary>
    public IReadOnlyList<string> Layers => backbone?.Layers ?? [];

    public InputFormat Input { get; }

    /// <summary>The network; null for what is raw.</summary>
    internal Backbone? Backbone => backbone;

    /// <summary>The seed that its first values were drawn from.</summary>
    public ulong Seed { get; }

    /// <summary>Numbers in one feature vector.</summary>
    public int Dim => backbone is null ? RawFeatures.Dim(Input) : Parts(Layer) * backbone.Width(Layer == Weighted ? Backbone.Last : Layer);

    /// <summary>Whether it has weights that were learned.</summary>
    public bool IsTrained => backbone is not null && !name.StartsWith(RandomPrefix, StringComparison.Ordinal);

    /// <summary>The normalised pixels themselves, or what an encoder of sound is held against.</summary>
    public static Encoder Raw(InputFormat input) => new(RawName, RawFeatures.Input(input), null, 0);

    /// <summary>An architecture with its starting values.</summary>
    public static Encoder Random(BackboneOptions options, InputFormat input, ulong seed) =>
        new(RandomPrefix + options.Name, input, BackboneFactory.Create(options, seed), seed);

    /// <summary>A backbone as it is, such as a checkpoint's.</summary>
    /// <param name="name">As results call it.</param>
    /// <param name="input">How items are shown to it.</param>
    /// <param name="backbone">Put into evaluation mode.</param>
    /// <param name="seed">That its first values were drawn from.</param>
    public static Encoder Of(string name, InputFormat input, Backbone backbone, ulong seed) => new(name, input, backbone, seed);

    /// <summary>
    /// Opens what the user named: a run's directory, an encoder.safetensors, a folder as Hugging Face publishes encoders of waveforms,
    /// <c>raw</c>, or <c>random:BACKBONE</c>.
    /// </summary>
    /// <param name="run">The name or path.</param>
    /// <param name="fallback">What the baselines look at, which have no input of their own.</param>
    /// <param name="seed">Of the untrained baseline; null for the run's own, or 0.</param>
    /// <param name="publishedPadding">Whether a published encoder of waveforms treats padding as it did where it comes from.</param>
    /// <exception cref="TacitException">There is no such thing, or no encoder in it yet.</exception>
    public static Encoder Open(string run, InputFormat fallback, ulong? seed = null, bool publishedPadding = false)
    {
        if (run == RawName)
        {
            return Raw(fallback);
        }

        if (run.StartsWith(RandomPrefix, StringComparison.Ordinal))
        {
            BackboneOptions options = Fitting(ModelOptions.OfBackbone(run[RandomPrefix.Length..]).Backbone, fallback);
            options = fallback is TextInput text ? options with { Vocabulary = text.Tokenizer.Vocabulary, Length = text.Length } : options;
            return Random(options, InputFor(options, fallback), seed ?? 0);
        }

        if (Directory.Exists(run))
        {
            var directory = new RunDirectory(run);
            if (directory.HasEncoder)
            {
                return Read(directory.EncoderPath, Path.GetFileName(directory.Path.TrimEnd(Path.DirectorySeparatorChar)), seed ?? (File.Exists(directory.ConfigPath) ? directory.ReadConfig().Train.Seed : 0));
            }

            if (PublishedEncoder.IsFolder(run))
            {
                var published = PublishedEncoder.Load(run, publishedPadding);
                var takes = new SoundInput { Form = SoundForm.Wave, Rate = published.SampleRate, Normalize = published.Normalize };
                return new Encoder(Path.GetFileName(directory.Path.TrimEnd(Path.DirectorySeparatorChar)), takes, new Wav2Vec2Backbone(published.Encoder), seed ?? 0);
            }

            throw new TacitException(directory.HasRun
                ? $"The run in '{run}' is not finished, so it has no encoder yet: go on with 'tacit pretrain … --out {run} --resume'."
                : $"'{run}' is not a run: there is no encoder.safetensors in it, nor a config.json with a model.safetensors.");
        }

        return File.Exists(run)
            ? Read(run, Path.GetFileNameWithoutExtension(run), seed ?? 0)
            : throw new TacitException($"There is no run '{run}': give a run's directory, an encoder.safetensors, raw, or random:BACKBONE such as random:resnet18.");
    }

    /// <summary>The same architecture, untrained, from the same seed; for raw pixels the default architecture.</summary>
    public Encoder Untrained()
    {
        BackboneOptions options = backbone?.Options ?? DefaultFor(Input);
        return Random(options, backbone is null ? InputFor(options, Input) : Input, Seed).At(Layer);
    }

    /// <summary>A copy of the network, with its values, that may be trained.</summary>
    /// <exception cref="ConfigurationException">It is raw: there is no network.</exception>
    internal Backbone Network()
    {
        if (backbone is null)
        {
            throw new ConfigurationException($"{name} has no network that could learn from labels: give a run, or random:BACKBONE such as random:resnet18.");
        }

        Backbone copy = BackboneFactory.Build(backbone.Options);
        copy.Load(backbone.StateDict());
        return copy;
    }

    /// <summary>The same encoder with the output of another layer as its features.</summary>
    /// <exception cref="TacitException">It has no such layer: says which it has.</exception>
    public Encoder At(string layer)
    {
        if (backbone is null && layer != Backbone.Last)
        {
            throw new TacitException($"'{name}' has no layer '{layer}': {(Input is PictureInput ? "pixels" : "FBANK frames")} have no layers.");
        }

        if (layer == Weighted && Parts(layer) < 2)
        {
            throw new TacitException($"{name} has no two layers of its last one's width to be weighed; choose one of {string.Join(", ", Layers)}.");
        }

        return new Encoder(name, Input, backbone, Seed, layer == Weighted || backbone is null ? layer : backbone.Named(layer));
    }

    /// <summary>The layers that <c>weighted</c> stands for; none for what is raw.</summary>
    public IReadOnlyList<string> Summed => backbone is null ? [] : Together(Weighted);

    /// <summary>How many layers of one width a row of features holds, one after the other: 1, but for <c>weighted</c>.</summary>
    public int Parts(string layer) => backbone is null ? 1 : Together(layer).Length;

    /// <summary>The states of every recording that can be decoded, over time and not pooled, one after the other.</summary>
    /// <param name="data">The recordings.</param>
    /// <param name="progress">Told how many items are done, of how many.</param>
    /// <param name="stop">Ends between two batches.</param>
    /// <returns>Each item's number and its states [T, D], long-lived.</returns>
    /// <exception cref="ConfigurationException">The encoder has no states over time.</exception>
    public IEnumerable<(int Item, Tensor States)> Frames(Dataset data, Action<int, int>? progress = null, CancellationToken stop = default) =>
        backbone is SequenceBackbone sequences && Layer != Weighted
            ? Frames(sequences, data, progress, stop)
            : throw new ConfigurationException(Layer == Weighted
                ? "--features weighted is learned by a linear probe, which frames do not have; choose a layer."
                : $"--frames: '{name}' has no state for each moment; only encoders of sequences do, such as wav2vec2, cpc, gru or fbank-transformer.");

    /// <summary>The features of every item that can be decoded, in index order.</summary>
    /// <param name="data">The items.</param>
    /// <param name="progress">Told how many items are done, of how many.</param>
    /// <param name="stop">Ends between two batches.</param>
    public Features Extract(Dataset data, Action<int, int>? progress = null, CancellationToken stop = default) =>
        Extract(data, [Layer], progress, stop)[0];

    /// <summary>The features of several layers, from one pass over the items.</summary>
    /// <param name="data">The items.</param>
    /// <param name="layers">Of <see cref="Layers"/>, or <c>last</c>.</param>
    /// <param name="progress">Told how many items are done, of how many.</param>
    /// <param name="stop">Ends between two batches.</param>
    /// <exception cref="TacitException">It has no such layer.</exception>
    public IReadOnlyList<Features> Extract(Dataset data, IReadOnlyList<string> layers, Action<int, int>? progress = null, CancellationToken stop = default)
    {
        Tensor[] values = [.. layers.Select(layer => Tensor.Lasting(new Shape(data.Count, At(layer).Dim)))];
        var items = new List<int>(data.Count);
        foreach (Batch batch in Input.Batches(data, BatchSize))
        {
            stop.ThrowIfCancellationRequested();
            using (Scope.NoGradient())
            {
                Tensor[] features = backbone is null ? [RawFeatures.Of(batch)] : Forward(batch, layers);
                for (int i = 0; i < values.Length; i++)
                {
                    features[i].Span.CopyTo(values[i].Rows(items.Count, batch.Size).Span);
                }
            }

            items.AddRange(batch.Items);
            progress?.Invoke(batch.Items[^1] + 1, data.Count);
        }

        int[] used = [.. items];
        return [.. values.Select(all => new Features(used.Length == data.Count ? all : all.Rows(0, used.Length), used))];
    }

    private IEnumerable<(int Item, Tensor States)> Frames(SequenceBackbone sequences, Dataset data, Action<int, int>? progress, CancellationToken stop)
    {
        foreach (Batch batch in Input.Batches(data, BatchSize))
        {
            stop.ThrowIfCancellationRequested();
            Tensor[] kept;
            using (Scope.NoGradient())
            {
                Tensor states = sequences.Hidden(batch.Views, batch.Lengths, [Layer])[0];       // [N, T, D]
                int row = states.Length / states.Shape[0], width = states.Shape[2];
                kept = [.. sequences.StateLengths(batch.Views, batch.Lengths).Select((length, n) =>
                {
                    Tensor own = Tensor.Lasting(new Shape(length, width));
                    states.Span.Slice(n * row, own.Length).CopyTo(own.Span);
                    return own;
                })];
            }

            for (int n = 0; n < kept.Length; n++)
            {
                yield return (batch.Items[n], kept[n]);
            }

            progress?.Invoke(batch.Items[^1] + 1, data.Count);
        }
    }

    /// <summary>The layers that a name stands for.</summary>
    private string[] Together(string layer) => layer == Weighted ? [.. Layers.Where(l => backbone!.Width(l) == backbone.Dim)] : [layer];

    /// <summary>The features of some layers, [N, D] each; those that stand together side by side.</summary>
    private Tensor[] Forward(Batch batch, IReadOnlyList<string> layers)
    {
        IReadOnlyList<Tensor> features = backbone!.Forward(batch.Views, batch.Lengths, [.. layers.SelectMany(Together)]);
        int first = 0;
        return [.. layers.Select(layer =>
        {
            Tensor[] own = [.. features.Skip(first).Take(Parts(layer))];
            first += own.Length;
            return own.Length == 1 ? own[0] : Ops.Concat(1, own);
        })];
    }

    /// <summary>Residual networks see recordings as log-mel pictures of one channel, as in pre-training; transformers over patches do not.</summary>
    private static BackboneOptions Fitting(BackboneOptions options, InputFormat wanted) => wanted is not SoundInput ? options
        : BackboneFactory.Architecture(options.Name) == BackboneFactory.ResNet ? options with { Channels = 1, Mels = 64 }
        : LooksAtPictures(options) ? throw new TacitException($"{RandomPrefix}{options.Name} takes pictures, and these are recordings: random:wav2vec2 or random:resnet18 take them.")
        : options;

    /// <summary>What an untrained baseline is shown: as near to what is wanted as it can take.</summary>
    private static InputFormat InputFor(BackboneOptions options, InputFormat wanted) => wanted switch
    {
        PictureInput when !LooksAtPictures(options) => Inputs.Sound(options, new DataOptions()),       // which refuses the pictures
        PictureInput picture => picture with { Size = SideFor(options, picture.Size) },
        SoundInput sound => Inputs.Sound(options, new DataOptions { Rate = sound.Rate }),
        _ => wanted,
    };

    private static bool LooksAtPictures(BackboneOptions options) =>
        BackboneFactory.Architecture(options.Name) is BackboneFactory.ResNet or BackboneFactory.Vit or BackboneFactory.PixelTransformer;

    private static int SideFor(BackboneOptions options, int side) => options.Name == BackboneFactory.PixelTransformer
        ? options.Side
        : Math.Max(options.SideUnit, side - (side % options.SideUnit));

    private static BackboneOptions DefaultFor(InputFormat input) => input is PictureInput ? new BackboneOptions()
        : input is TextInput text ? ModelOptions.OfBackbone(BackboneFactory.TokenTransformer).Backbone with { Vocabulary = text.Tokenizer.Vocabulary, Length = text.Length }
        : ModelOptions.OfBackbone(BackboneFactory.Wav2Vec2).Backbone;

    private static Encoder Read(string path, string name, ulong seed)
    {
        SafetensorsContent content = Safetensors.Read(path);
        Backbone built = BackboneFactory.Build(BackboneFactory.FromMetadata(content.Metadata));
        built.Load(content.Tensors);
        return new Encoder(name, Inputs.FromMetadata(content.Metadata, path), built, seed);
    }
}

/// <summary>One feature vector per usable item.</summary>
/// <param name="Values">[N, D], long-lived.</param>
/// <param name="Items">Each row's number in the data set; broken ones are left out.</param>
public sealed record Features(Tensor Values, int[] Items);
