using System.Globalization;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Models;

/// <summary>
/// A transformer over tokens of text: embeddings and learned positions, pre-norm blocks, a last norm. Causal, each place sees itself and
/// those before it (GPT); otherwise all places see each other (BERT).
/// </summary>
/// <remarks>
/// Radford et al. 2019 (GPT-2), section 2.3; Devlin et al. 2019, arXiv:1810.04805, of the same size, with its norms before the
/// branches. V tokens stand for text, V pads and V + 1 hides. A layer's output is what the next block's attention sees, after the norm.
/// Positions begin as sinusoids, and attention so that like looks at like: hidden tokens are told from their neighbours after a tenth of
/// the steps that random ones take. What tells tokens from states is tied to them. GELU is exact.
/// </remarks>
public sealed class TokenTransformer : SequenceBackbone
{
    /// <summary>Tokens beyond the vocabulary: padding, and what stands for a hidden token.</summary>
    public const int SpecialCount = 2;

    private const float Eps = 1e-5f;

    private readonly Tensor embedding, positions;
    private readonly TransformerBlock[] blocks;
    private readonly LayerNorm ln;

    internal TokenTransformer(BackboneOptions options)
    {
        Options = options;
        if (options.Vocabulary < 2 || options.Length < 2)
        {
            throw new TacitException($"A token transformer of {options.Vocabulary} tokens for texts of {options.Length} cannot be built: both are at least 2.");
        }

        embedding = AddParameter("token_embedding", new Shape(options.Vocabulary + SpecialCount, options.Dim), TokenVectors);
        positions = AddParameter("pos_embedding", new Shape(options.Length, options.Dim), Waves);
        blocks = Add("blocks", new Stack(options)).Blocks;
        ln = Add("ln", new LayerNorm(options.Dim, Eps));
        Layers = [.. Enumerable.Range(1, options.Depth).Select(i => string.Create(CultureInfo.InvariantCulture, $"block{i}"))];
    }

    public override BackboneOptions Options { get; }

    public override IReadOnlyList<string> Layers { get; }

    public override int Stride => 1;

    /// <summary>Tokens that stand for text, V.</summary>
    public int Vocabulary => Options.Vocabulary;

    /// <summary>Most tokens of a text.</summary>
    public int Length => Options.Length;

    /// <summary>The token that fills up short texts, V.</summary>
    public int Pad => Vocabulary;

    /// <summary>The token that stands where one is hidden, V + 1.</summary>
    public int Mask => Vocabulary + 1;

    public override int States(int length) => length;

    /// <summary>The last layer's states of tokens: [n, length, D].</summary>
    /// <param name="tokens">n · length tokens, text by text; what lies behind a text's own length does not matter.</param>
    /// <param name="n">How many texts.</param>
    /// <param name="lengths">How many tokens each has; null for all.</param>
    public Tensor Encode(int[] tokens, int n, int[]? lengths) => States(tokens, n, lengths, [blocks.Length - 1])[0];

    /// <summary>How well each token of the vocabulary fits to states, by its embedding: [M, D] to [M, V].</summary>
    public Tensor Logits(Tensor states) => Ops.Linear(states, embedding.Rows(0, Vocabulary));

    /// <summary>Goes on with a text, one token after another, each drawn from what the model thinks of it given those before.</summary>
    /// <param name="prompt">At least one token.</param>
    /// <param name="count">How many more.</param>
    /// <param name="seed">Equal seeds give equal texts.</param>
    /// <param name="temperature">What the logits are divided by: below 1 the likely tokens become likelier.</param>
    /// <param name="topK">Only so many of the likeliest tokens can be drawn; 0 for all.</param>
    /// <returns>The new tokens.</returns>
    /// <exception cref="TacitException">The model is not causal, the prompt is empty, or the temperature is not above 0.</exception>
    public int[] Sample(int[] prompt, int count, ulong seed, float temperature = 1, int topK = 0)
    {
        if (!Options.Causal || prompt.Length == 0 || !(temperature > 0))
        {
            throw new TacitException(!Options.Causal ? "Only a model that is causal can go on with a text: one that was trained by gpt."
                : prompt.Length == 0 ? "A text to go on with needs at least one token."
                : $"Tokens cannot be drawn at temperature {temperature}: give one above 0.");
        }

        bool training = Training;
        Eval();
        List<int> text = [.. prompt];
        AttentionCache[] caches = [];
        int used = Length;      // places that the caches hold
        int from = 0;           // the text's token that is their first
        var draw = new float[1];
        for (int i = 0; i < count; i++)
        {
            if (used >= Length)
            {
                // The window is full: it goes on with its second half.
                caches = [.. blocks.Select(_ => new AttentionCache(1, Length, Options.Heads, Options.Dim / Options.Heads))];
                from = Math.Max(0, text.Count - (i == 0 ? Length - 1 : Math.Max(1, Length / 2)));
                used = 0;
            }

            using Scope scope = Scope.NoGradient();
            Tensor? x = null;
            for (; from + used < text.Count; used++)
            {
                x = Embed([text[from + used]], 1, 1, used);
                for (int block = 0; block < blocks.Length; block++)
                {
                    x = blocks[block].Forward(x, caches[block]);
                }
            }

            Tensor p = Ops.Softmax(Ops.Multiply(Logits(ln.Forward(x!).Reshape(1, Options.Dim)), Tensor.Scalar(1 / temperature)));
            Philox.FillUniform(draw, seed, Philox.Hash("sample text"), i);
            text.Add(Draw(p.Span, draw[0], topK > 0 ? Math.Min(topK, Vocabulary) : Vocabulary));
        }

        if (training)
        {
            Train();
        }

        return [.. text.Skip(prompt.Length)];
    }

    protected override IReadOnlyList<Tensor> States(Tensor x, int[]? lengths, int[] layers)
    {
        if (x.Rank != 2 || x.Shape[1] > Length)
        {
            throw ShapeException.Unfit("TokenTransformer", x.Shape, $"it takes tokens [N, T], T at most {Length}");
        }

        int[] tokens = new int[x.Length];
        for (int i = 0; i < tokens.Length; i++)
        {
            tokens[i] = (int)x.Span[i];
        }

        return States(tokens, x.Shape[0], lengths, layers);
    }

    protected override int WidthAt(int layer) => Options.Dim;

    private Tensor[] States(int[] tokens, int n, int[]? lengths, int[] layers)
    {
        Tensor x = Embed(tokens, n, tokens.Length / n, 0);
        var states = new Tensor[layers.Length];
        for (int depth = 0; depth <= layers.Max(); depth++)
        {
            x = blocks[depth].Forward(x, new AttentionOptions { Causal = Options.Causal, Lengths = lengths });
            for (int i = 0; i < layers.Length; i++)
            {
                states[i] = layers[i] == depth ? depth + 1 < blocks.Length ? blocks[depth + 1].Normed(x) : ln.Forward(x) : states[i];
            }
        }

        return states;
    }

    /// <summary>[n, length, D]: token embeddings and positions.</summary>
    private Tensor Embed(int[] tokens, int n, int length, int first) =>
        Ops.Add(Ops.Embedding(embedding, tokens).Reshape(n, length, Options.Dim), positions.Rows(first, length));

    /// <summary>0.02 where a width of 768 has it, narrower models in proportion to 1/√D.</summary>
    private static float Deviation(int dim) => 0.02f * MathF.Sqrt(768f / dim);

    /// <summary>Starting values of a block's weights: normal; in attention the keys' begin as the queries', larger, so that like places look at each other.</summary>
    /// <remarks>After Trockman and Kolter 2023, arXiv:2305.09828: the product of both begins near a multiple of the identity.</remarks>
    private static Initializer BlockWeights(int dim) => (parameter, seed, stream) =>
    {
        const float Sharper = 2;
        Initializers.Normal(Deviation(dim))(parameter, seed, stream);
        if (parameter.Shape[0] == 3 * dim && parameter.Shape[1] == dim)
        {
            for (int i = 0; i < dim * dim; i++)
            {
                parameter.Span[(dim * dim) + i] = parameter.Span[i] *= Sharper;
            }
        }
    };

    /// <summary>Starting values of token embeddings: normal; what stands for no text begins as nothing, so that a hidden place looks at its neighbours and not at other hidden ones.</summary>
    private static void TokenVectors(Tensor parameter, ulong seed, ulong stream)
    {
        Initializers.Normal(Deviation(parameter.Shape[1]))(parameter, seed, stream);
        parameter.Rows(parameter.Shape[0] - SpecialCount, SpecialCount).Span.Clear();
    }

    /// <summary>Starting values of positions: sines and cosines of waves from 2π to 2π times the length, as large as token embeddings.</summary>
    private static void Waves(Tensor parameter, ulong seed, ulong stream)
    {
        int length = parameter.Shape[0], dim = parameter.Shape[1];
        for (int i = 0; i < parameter.Length; i++)
        {
            int place = i / dim, feature = i % dim;
            double angle = place / Math.Pow(length, (feature & ~1) / (double)dim);
            parameter.Span[i] = (float)(Deviation(dim) * Math.Sqrt(2) * ((feature & 1) == 0 ? Math.Sin(angle) : Math.Cos(angle)));
        }
    }

    /// <summary>Of the likeliest tokens the first, by number, at which the distribution function exceeds u.</summary>
    private static int Draw(ReadOnlySpan<float> probabilities, double u, int most)
    {
        float[] p = probabilities.ToArray();
        int[] order = [.. Enumerable.Range(0, p.Length).OrderByDescending(token => p[token]).ThenBy(token => token).Take(most).Order()];
        double total = order.Sum(token => (double)p[token]), below = 0;
        foreach (int token in order)
        {
            below += p[token];
            if (below > u * total)
            {
                return token;
            }
        }

        return order[^1];
    }

    private sealed class Stack : Module
    {
        public Stack(BackboneOptions options) =>
            Blocks = [.. Enumerable.Range(0, options.Depth).Select(i => Add(
                i.ToString(CultureInfo.InvariantCulture),
                new TransformerBlock(
                    options.Dim, options.Heads, options.MlpRatio, options.Causal, options.DropPath * i / Math.Max(1, options.Depth - 1), options.LayerScale, eps: Eps, weights: BlockWeights(options.Dim))))];

        public TransformerBlock[] Blocks { get; }
    }
}
