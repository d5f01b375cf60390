using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Models;

/// <summary>
/// The encoder of wav2vec 2.0, HuBERT, WavLM and data2vec: a convolutional front, a projection, convolutional positions and a
/// transformer. Its stages are separate, because methods hide frames between them:
/// <c>Context(Project(Features(waves)))</c>.
/// </summary>
/// <remarks>
/// Baevski et al. 2020, arXiv:2006.11477. Names and layouts are those of published checkpoints, without their
/// prefix. Frames of padding hold no meaning in any result, and change no others'.
/// </remarks>
public sealed class Wav2Vec2Encoder : Module
{
    internal const string MaskName = "masked_spec_embed";

    private readonly ConvFront front;
    private readonly Projection projection;
    private readonly Wav2Vec2Transformer transformer;

    /// <exception cref="TacitException">Sizes that cannot be.</exception>
    public Wav2Vec2Encoder(Wav2Vec2Options config)
    {
        config.Require();
        Config = config;
        MaskEmbedding = AddParameter(MaskName, new Shape(config.Dim), Initializers.Uniform(0, 1));
        front = Add("feature_extractor", new ConvFront(config));
        projection = Add("feature_projection", new Projection(config));
        transformer = Add("encoder", new Wav2Vec2Transformer(config));
    }

    public Wav2Vec2Options Config { get; }

    /// <summary>What stands in a projected frame's place where a method hides it: [D].</summary>
    public Tensor MaskEmbedding { get; }

    /// <summary>Samples that one frame sees; an utterance needs at least as many.</summary>
    public int ReceptiveField => front.ReceptiveField;

    /// <summary>Samples from one frame to the next.</summary>
    public int Stride => Config.ConvStrides.Aggregate(1, (samples, stride) => samples * stride);

    /// <summary>Channels of <see cref="Features"/>.</summary>
    public int FeatureDim => Config.ConvDims[^1];

    /// <summary>Frames made of so many samples, 0 where they are fewer than <see cref="ReceptiveField"/>.</summary>
    public int[] FrameLengths(int[] lengths) => Array.ConvertAll(lengths, front.Frames);

    /// <summary>The convolutional front: samples [N, T] to frames [N, T', C]. Its gradient is scaled as the options say.</summary>
    /// <param name="waves">[N, T], in ±1 or normalised, as the model was trained.</param>
    /// <param name="lengths">Samples of each item that are real; null where all are.</param>
    /// <exception cref="TacitException">There are fewer samples than one frame sees.</exception>
    public Tensor Features(Tensor waves, int[]? lengths = null)
    {
        if (waves.Rank != 2)
        {
            throw ShapeException.Unfit("Wav2Vec2Encoder", waves.Shape, "it takes samples [N, T]");
        }

        if (waves.Shape[1] < ReceptiveField)
        {
            throw new TacitException($"{waves.Shape[1]} samples are too few for this encoder, whose frames see {ReceptiveField} each.");
        }

        Tensor features = front.Forward(waves, lengths);
        return Config.FrontGradient switch
        {
            1 => features,
            0 => features.Detach(),
            float factor => Ops.ScaleGradient(features, factor),
        };
    }

    /// <summary>Layer norm and linear map: [N, T', C] to [N, T', D].</summary>
    /// <returns>The projected frames, and the frames between norm and map, which quantisers take.</returns>
    public (Tensor Projected, Tensor Normed) Project(Tensor features) => projection.Forward(features);

    /// <summary>Positions and transformer: [N, T', D] to [N, T', D].</summary>
    /// <param name="projected">[N, T', D], where a method may have put <see cref="MaskEmbedding"/> (<see cref="Frames.Replace"/>).</param>
    /// <param name="frameLengths">Frames that are real (<see cref="FrameLengths"/>); null where all are.</param>
    /// <param name="hidden">
    /// Receives layers + 1 hidden states: what goes into the first layer, then each layer's output; a pre-norm model's
    /// last is taken after the final norm, and is what is returned.
    /// </param>
    /// <param name="branches">Receives what the feed-forward network of each layer that ran gives, before it is added: data2vec's targets.</param>
    /// <param name="depth">Layers to run; all if not given. Without the last one there is no final norm.</param>
    public Tensor Context(Tensor projected, int[]? frameLengths = null, List<Tensor>? hidden = null, List<Tensor>? branches = null, int? depth = null) =>
        transformer.Forward(projected, frameLengths, hidden, branches, depth ?? Config.Layers);

    /// <summary>
    /// Positions of all frames, but a transformer that is shown only some of them, as if the others were not there:
    /// [N, T', D] to [N, K, D], K the most that an item keeps.
    /// </summary>
    /// <param name="projected">[N, T', D], where positions are told of what is hidden too: a method puts 0 there.</param>
    /// <param name="frameLengths">Frames that are real; null where all are.</param>
    /// <param name="kept">The numbers of the frames that are shown among [N · T'], ascending.</param>
    /// <param name="counts">How many of them are each item's, at least 1.</param>
    /// <exception cref="TacitException">The encoder's attention knows distances, which gaps would change.</exception>
    public Tensor ContextOfSome(Tensor projected, int[]? frameLengths, int[] kept, int[] counts) => Config.RelativeBuckets == 0
        ? transformer.Forward(projected, frameLengths, null, null, Config.Layers, (kept, counts))
        : throw new TacitException("An encoder with a relative position bias cannot leave frames out; set model.relative-buckets to 0.");

    /// <summary>All stages: samples [N, T] to [N, T', D].</summary>
    public Tensor Encode(Tensor waves, int[]? lengths = null, List<Tensor>? hidden = null) =>
        Context(Project(Features(waves, lengths)).Projected, lengths is null ? null : FrameLengths(lengths), hidden);

    private sealed class Projection : Module
    {
        private readonly LayerNorm norm;
        private readonly Linear map;
        private readonly Dropout dropout;

        public Projection(Wav2Vec2Options options)
        {
            norm = Add("layer_norm", new LayerNorm(options.ConvDims[^1]));
            map = Add("projection", new Linear(options.ConvDims[^1], options.Dim));
            dropout = Add("dropout", new Dropout(options.InputDropout));
        }

        public (Tensor Projected, Tensor Normed) Forward(Tensor features)
        {
            Tensor normed = norm.Forward(features);
            return (dropout.Forward(map.Forward(normed)), normed);
        }
    }
}
