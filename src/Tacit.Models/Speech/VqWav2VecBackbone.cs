using System.Globalization;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Models;

/// <summary>What vq-wav2vec's quantiser made of frames.</summary>
/// <param name="Values">[N, T, D]: entries of the books side by side, 0 in padding.</param>
/// <param name="Codes">The likeliest or nearest of the real frames, item after item: G numbers below V each.</param>
/// <param name="Loss">What the quantiser adds to a loss: its diversity (Gumbel), or entries' and frames' distance (k-means).</param>
public sealed record VqFrames(Tensor Values, int[] Codes, Tensor Loss);

/// <summary>
/// vq-wav2vec with the BERT over its tokens as a backbone: <c>encoder</c>, the frames of the convolutions; <c>context</c>, what the
/// causal aggregator makes of their quantised selves; then <c>block1</c> …, the BERT's, which sees their codes alone.
/// </summary>
/// <remarks>Baevski et al. 2019, arXiv:1910.05453. In evaluation each frame takes its likeliest codes.</remarks>
public sealed class VqWav2VecBackbone : SequenceBackbone
{
    private readonly GumbelQuantizer? gumbel;
    private readonly KMeansQuantizer? kMeans;

    /// <exception cref="TacitException">Sizes that cannot be.</exception>
    public VqWav2VecBackbone(BackboneOptions options)
    {
        Options = options;
        Encoder = Wrap(new Wav2VecEncoder(Wav2VecOptions.VqBase with
        {
            Dim = options.Dim,
            ContextKernels = [.. Enumerable.Range(2, options.Depth)],
            PublishedPadding = options.PublishedPadding,
        }));
        if (options.Quantizer == "gumbel")
        {
            gumbel = Add("vector_quantizer", new GumbelQuantizer(options.Dim, GumbelQuantizerOptions.VqWav2Vec with { Groups = options.Groups, Entries = options.Entries, Dim = options.Dim }));
        }
        else
        {
            kMeans = Add("vector_quantizer", new KMeansQuantizer(options.Dim, options.Groups, options.Entries));
        }

        Tokens = Add("bert", new CodeTransformer(options));
        Layers = ["encoder", "context", .. Enumerable.Range(1, options.TokenDepth).Select(i => "block" + i.ToString(CultureInfo.InvariantCulture))];
    }

    public override BackboneOptions Options { get; }

    public Wav2VecEncoder Encoder { get; }

    /// <summary>The BERT over tokens.</summary>
    public CodeTransformer Tokens { get; }

    public override IReadOnlyList<string> Layers { get; }

    public override int Stride => Encoder.Stride;

    public override int States(int length) => Encoder.FrameLengths([length])[0];

    /// <summary>Frames to entries of the books; in training a Gumbel quantiser draws them.</summary>
    /// <param name="frames">[N, T, D]</param>
    /// <param name="lengths">Real frames of each item, 0 to T.</param>
    /// <param name="temperature">Of the draws.</param>
    public VqFrames Quantize(Tensor frames, int[] lengths, float temperature)
    {
        if (kMeans is not null)
        {
            KMeansQuantized nearest = kMeans.Forward(frames, lengths);
            return new VqFrames(nearest.Values, Real(nearest.Codes, lengths, frames.Shape[1]), nearest.Loss);
        }

        GumbelQuantized drawn = gumbel!.Forward(Ops.PackFrames(frames, lengths), temperature);
        return new VqFrames(Ops.UnpackFrames(drawn.Values, lengths, frames.Shape[1]), drawn.Likeliest, drawn.Diversity);
    }

    /// <summary>What <see cref="Quantize"/> quantises, as it is: frames, of the k-means quantiser projected and normalised; [N, T, D].</summary>
    public Tensor Unquantised(Tensor frames, int[] lengths) => kMeans is null ? frames : kMeans.Project(frames, lengths);

    /// <summary>Lets the quantiser begin from the frames it meets first.</summary>
    public void Begin(Tensor frames, int[] lengths, ulong seed)
    {
        using Scope scope = Scope.NoGradient();
        kMeans?.Begin(frames, lengths, seed);
        gumbel?.Begin(Ops.PackFrames(frames, lengths), seed);
    }

    /// <summary>The tokens of frames: each real one's likeliest or nearest codes, without gradient.</summary>
    public int[] Codes(Tensor frames, int[] lengths)
    {
        using Scope scope = Scope.NoGradient();
        return kMeans is null ? gumbel!.Likeliest(Ops.PackFrames(frames, lengths)) : Real(kMeans.Forward(frames, lengths).Codes, lengths, frames.Shape[1]);
    }

    protected override int WidthAt(int layer) => layer < 2 ? Options.Dim : Options.TokenDim;

    protected override IReadOnlyList<Tensor> States(Tensor x, int[]? lengths, int[] layers)
    {
        int[] own = StateLengths(x, lengths);
        Tensor frames = Encoder.Features(x, lengths);
        Tensor? context = layers.Contains(1) ? Encoder.Context(Quantize(frames, own, 1).Values, own) : null;
        var blocks = new List<Tensor>();
        if (layers.Max() > 1)
        {
            _ = Tokens.Forward(Codes(frames, own), own, own, frames.Shape[1], null, blocks, layers.Max() - 1);
        }

        return [.. layers.Select(layer => layer switch { 0 => frames, 1 => context!, _ => blocks[layer - 2] })];
    }

    private int[] Real(int[] codes, int[] lengths, int frames) =>
        [.. lengths.SelectMany((length, n) => codes.AsSpan(n * frames * Options.Groups, length * Options.Groups).ToArray())];
}

/// <summary>
/// A BERT over tokens of several codes: a token's vector is the sum of its codes', with fixed positions; then post-norm transformer
/// blocks.
/// </summary>
/// <remarks>
/// Devlin et al. 2019, arXiv:1810.04805, over the tokens of Baevski et al. 2019, arXiv:1910.05453, section 4. There each pair of codes
/// is an entry of one vocabulary, of those pairs that were seen; here it is its codes, so that any pair has a vector. Vectors begin
/// as large as the positions that are added to them.
/// </remarks>
public sealed class CodeTransformer : Module
{
    private readonly Tensor codes, mask;
    private readonly LayerNorm norm;
    private readonly Dropout dropout;
    private readonly Wav2Vec2Layer[] layers;
    private readonly int groups, entries;
    private Tensor? positions;

    /// <exception cref="TacitException">The width is no multiple of the heads.</exception>
    public CodeTransformer(BackboneOptions options)
    {
        int dim = options.TokenDim;
        if (options.Heads < 1 || dim % options.Heads != 0)
        {
            throw new TacitException($"A BERT of width {dim} cannot have {options.Heads} heads: the width must be a multiple of the heads.");
        }

        (groups, entries) = (options.Groups, options.Entries);
        codes = AddParameter("codes", new Shape(groups * entries, dim), Initializers.Normal(MathF.Sqrt(0.5f / groups)));
        mask = AddParameter("mask", new Shape(dim), Initializers.Normal(MathF.Sqrt(0.5f)));
        norm = Add("layer_norm", new LayerNorm(dim));
        dropout = Add("dropout", new Dropout(options.Dropout));
        var layer = new Wav2Vec2Options
        {
            Dim = dim,
            Heads = options.Heads,
            FeedForward = (int)Math.Round(dim * options.MlpRatio),
            Dropout = options.Dropout,
            AttentionDropout = options.Dropout,
        };
        layers = [.. Enumerable.Range(0, options.TokenDepth).Select(i => Add("layer" + i.ToString(CultureInfo.InvariantCulture), new Wav2Vec2Layer(layer, i)))];
    }

    /// <summary>[N, T, D] after the last block; 0 to T tokens of each item are real.</summary>
    /// <param name="tokens">Codes of the real tokens, item after item.</param>
    /// <param name="lengths">Real tokens of each item.</param>
    /// <param name="seen">What attention may look at: at least one of each item.</param>
    /// <param name="count">T</param>
    /// <param name="hidden">Which of the real tokens are replaced by the mask's vector; null for none.</param>
    /// <param name="states">Receives each block's output.</param>
    /// <param name="depth">Blocks to run; all if not given.</param>
    public Tensor Forward(int[] tokens, int[] lengths, int[] seen, int count, bool[]? hidden = null, List<Tensor>? states = null, int? depth = null)
    {
        int real = tokens.Length / groups, dim = mask.Length;
        Tensor vectors = Ops.Embedding(codes, [.. tokens.Select((code, i) => (i % groups * entries) + code)]);
        Tensor x = Ops.Sum(vectors.Reshape(real, groups, dim), 1).Reshape(1, real, dim);
        x = hidden is null ? x : Frames.Replace(x, hidden, mask);
        x = Ops.Add(Ops.UnpackFrames(x.Reshape(real, dim), lengths, count), Positions(count, dim).Reshape(1, count, dim));
        x = dropout.Forward(norm.Forward(x));
        foreach (Wav2Vec2Layer layer in layers.Take(depth ?? layers.Length))
        {
            x = layer.Forward(x, seen, null, null);
            states?.Add(x);
        }

        return x;
    }

    private Tensor Positions(int count, int dim)
    {
        positions = positions is null || positions.Shape[0] < count ? Sinusoids.Of(0, 1, count, dim) : positions;
        return positions.Rows(0, count);
    }
}
