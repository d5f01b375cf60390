using System.Globalization;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Models;

/// <summary>
/// A picture as a sequence of colours, raster order, and a transformer over it that tells each place's colour from those before
/// it (causal) or from the places that are not masked (bidirectional): iGPT.
/// </summary>
/// <remarks>
/// Chen et al. 2020, "Generative Pretraining from Pixels". Tokens of the palette; K is the start token, which the causal sequence
/// begins with in place of its last token, and K + 1 the mask token. Features are the mean over places of a middle block's
/// output as the next block's attention sees it, after the layer norm (section 3.2). GELU is exact.
/// </remarks>
public sealed class PixelTransformer : Backbone
{
    private const float Eps = 1e-5f;

    private readonly Tensor embedding, positions, causal;
    private readonly TransformerBlock[] blocks;
    private readonly LayerNorm ln;
    private readonly Linear head;

    internal PixelTransformer(BackboneOptions options)
    {
        Options = options;
        if (options.Colours is < 2 or > 65536)
        {
            throw new TacitException($"A palette of {options.Colours} colours cannot be; give 2 to 65536 (model.colours).");
        }

        int feature = options.FeatureLayer ?? Math.Max(1, options.Depth / 2);
        if (feature < 1 || feature > options.Depth)
        {
            throw new TacitException($"A pixel transformer of {options.Depth} blocks has no block {feature} to take features from (model.feature-layer); give 1 to {options.Depth}.");
        }

        Initializer normal = Initializers.Normal(0.02f);
        Length = options.Side * options.Side;
        embedding = AddParameter("token_embedding", new Shape(options.Colours + 2, options.Dim), normal);
        positions = AddParameter("pos_embedding", new Shape(Length, options.Dim), normal);
        Palette = AddBuffer("palette", new Shape(options.Colours, 3));
        causal = AddBuffer("causal", new Shape(1), 1);
        blocks = Add("blocks", new Stack(options)).Blocks;
        ln = Add("ln", new LayerNorm(options.Dim, Eps));
        head = Add("head", new Linear(options.Dim, options.Colours, bias: false, weightInitializer: normal));
        Layers = [.. Enumerable.Range(1, options.Depth).Select(i => string.Create(CultureInfo.InvariantCulture, $"block{i}"))];
        FeatureLayer = Layers[feature - 1];
        Models.Palette.FillEvenly(Palette);
    }

    public override BackboneOptions Options { get; }

    public override IReadOnlyList<string> Layers { get; }

    public override string FeatureLayer { get; }

    /// <summary>Side of the pictures it takes.</summary>
    public int Side => Options.Side;

    /// <summary>Tokens of one picture: side · side.</summary>
    public int Length { get; }

    /// <summary>Colours of the palette, K.</summary>
    public int Colours => Options.Colours;

    /// <summary>The colours [K, 3] in the space of normalised pictures: a buffer that a method sets; evenly spread until then.</summary>
    public Tensor Palette { get; }

    /// <summary>
    /// Whether features are taken as the causal objective trains them (the default) or as the masked one does. A method sets it;
    /// it is saved with the weights.
    /// </summary>
    public bool Causal
    {
        get => causal.Span[0] != 0;
        set => causal.Span[0] = value ? 1 : 0;
    }

    /// <summary>The nearest colours of pictures [N, side, side, 3]: N · side · side numbers below K, in raster order.</summary>
    /// <exception cref="TacitException">The pictures are of another side.</exception>
    public int[] Tokens(Tensor pictures)
    {
        if (pictures.Rank != 4 || pictures.Shape[3] != 3)
        {
            throw ShapeException.Unfit("PixelTransformer", pictures.Shape, "it takes pictures [N, H, W, 3]");
        }

        return pictures.Shape[1] == Side && pictures.Shape[2] == Side
            ? Models.Palette.Nearest(pictures, Palette)
            : throw new TacitException($"This pixel transformer takes pictures of {Side} × {Side} pixels (model.side), not {pictures.Shape[2]} × {pictures.Shape[1]}: give data.size={Side}.");
    }

    /// <summary>Tokens as pictures [N, side, side, 3] in normalised space.</summary>
    public Tensor Pictures(int[] tokens) => Models.Palette.Pictures(tokens, Palette, Side);

    /// <summary>For each place the logits of its colour.</summary>
    /// <param name="tokens">n · length colours, sequence by sequence.</param>
    /// <param name="n">How many sequences.</param>
    /// <param name="length">Tokens of a sequence, at most <see cref="Length"/>.</param>
    /// <param name="causal">True: from the colours before it. False: from all places, of which some should be masked.</param>
    /// <param name="maskedPlaces">Indices into <paramref name="tokens"/> whose colour the model is not shown.</param>
    /// <returns>[n · length, K]</returns>
    public Tensor Logits(int[] tokens, int n, int length, bool causal, int[]? maskedPlaces = null)
    {
        Tensor x = Embed(tokens, n, length, causal, maskedPlaces);
        foreach (TransformerBlock block in blocks)
        {
            x = block.Forward(x, causal);
        }

        return head.Forward(ln.Forward(x)).Reshape(n * length, Colours);
    }

    protected override Tensor[] Features(Tensor x, int[] layers)
    {
        x = Embed(Tokens(x), x.Shape[0], Length, Causal, null);
        var features = new Tensor[layers.Length];
        for (int depth = 0; depth <= layers.Max(); depth++)
        {
            x = blocks[depth].Forward(x, Causal);
            for (int i = 0; i < layers.Length; i++)
            {
                features[i] = layers[i] == depth ? Ops.Mean(depth + 1 < blocks.Length ? blocks[depth + 1].Normed(x) : ln.Forward(x), 1) : features[i];
            }
        }

        return features;
    }

    protected override int WidthAt(int layer) => Options.Dim;

    /// <summary>[n, length, D]: token embeddings, shifted by the start token where causal, and positions.</summary>
    private Tensor Embed(int[] tokens, int n, int length, bool causal, int[]? maskedPlaces)
    {
        if (tokens.Length != n * length || length < 1 || length > Length)
        {
            throw new ArgumentException($"{tokens.Length} tokens are not {n} sequences of {length}, at most {Length}.", nameof(tokens));
        }

        int[] seen = [.. tokens];
        foreach (int place in maskedPlaces ?? [])
        {
            seen[place] = Colours + 1;
        }

        if (causal)
        {
            for (int i = 0; i < n; i++)
            {
                Span<int> sequence = seen.AsSpan(i * length, length);
                sequence[..^1].CopyTo(sequence[1..]);
                sequence[0] = Colours;
            }
        }

        return Ops.Add(Ops.Embedding(embedding, seen).Reshape(n, length, Options.Dim), positions.Rows(0, length));
    }

    private sealed class Stack : Module
    {
        public Stack(BackboneOptions options) =>
            Blocks = [.. Enumerable.Range(0, options.Depth).Select(i => Add(
                i.ToString(CultureInfo.InvariantCulture),
                new TransformerBlock(
                    options.Dim, options.Heads, options.MlpRatio, dropPath: options.DropPath * i / Math.Max(1, options.Depth - 1), layerScale: options.LayerScale, eps: Eps)))];

        public TransformerBlock[] Blocks { get; }
    }
}
