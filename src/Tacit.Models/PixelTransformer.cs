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

    /// <summary>New pictures, one colour after another, each drawn from what the model thinks of it given those before.</summary>
    /// <param name="seed">Equal seeds give equal pictures.</param>
    /// <param name="count">How many.</param>
    /// <param name="temperature">What the logits are divided by: below 1 the likely colours become likelier.</param>
    /// <param name="prefix">count · m colours that the pictures begin with, to be completed; null for none.</param>
    /// <returns>count · side · side numbers of colours, picture by picture.</returns>
    /// <exception cref="TacitException">The temperature is not above 0.</exception>
    public int[] Sample(ulong seed, int count, float temperature = 1, int[]? prefix = null)
    {
        if (!(temperature > 0))
        {
            throw new TacitException($"Colours cannot be drawn at temperature {temperature}: give one above 0.");
        }

        int given = (prefix?.Length ?? 0) / count;
        if (prefix is not null && (prefix.Length != given * count || given >= Length))
        {
            throw new ArgumentException($"{prefix.Length} colours are not the beginnings of {count} pictures of {Length}.", nameof(prefix));
        }

        bool training = Training;
        Eval();
        AttentionCache[] caches = [.. blocks.Select(_ => new AttentionCache(count, Length, Options.Heads, Options.Dim / Options.Heads))];
        int[] tokens = new int[count * Length], last = new int[count];
        Array.Fill(last, Colours);
        for (int place = 0; place < Length; place++)
        {
            using Scope scope = Scope.NoGradient();
            Tensor x = Ops.Add(Ops.Embedding(embedding, last), positions.Rows(place, 1)).Reshape(count, 1, Options.Dim);
            for (int i = 0; i < blocks.Length; i++)
            {
                x = blocks[i].Forward(x, caches[i]);
            }

            Tensor p = Ops.Softmax(Ops.Multiply(head.Forward(ln.Forward(x)).Reshape(count, Colours), Tensor.Scalar(1 / temperature)));
            var draws = new float[count];
            Philox.FillUniform(draws, seed, Philox.Hash("sample"), place);
            for (int n = 0; n < count; n++)
            {
                last[n] = place < given ? prefix![(n * given) + place] : Draw(p.Rows(n, 1).Span, draws[n]);
                tokens[(n * Length) + place] = last[n];
            }
        }

        if (training)
        {
            Train();
        }

        return tokens;
    }

    protected override Tensor[] Features(Tensor x, int[]? lengths, int[] layers)
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

    /// <summary>The first colour at which the distribution function exceeds u.</summary>
    private static int Draw(ReadOnlySpan<float> probabilities, double u)
    {
        double total = 0, below = 0;
        int last = 0;
        foreach (float p in probabilities)
        {
            total += p;
        }

        for (int c = 0; c < probabilities.Length; c++)
        {
            below += probabilities[c];
            if (probabilities[c] > 0)
            {
                last = c;
                if (below > u * total)
                {
                    break;
                }
            }
        }

        return last;
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
