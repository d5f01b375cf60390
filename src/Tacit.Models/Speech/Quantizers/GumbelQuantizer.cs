using System.Globalization;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Models;

/// <summary>What a <see cref="GumbelQuantizer"/> is built from; the defaults are wav2vec 2.0 base's.</summary>
public sealed record GumbelQuantizerOptions
{
    /// <summary>wav2vec 2.0 base: 2 books of 320 entries of 128.</summary>
    public static GumbelQuantizerOptions Wav2Vec2 { get; } = new();

    /// <summary>vq-wav2vec: 2 books of 320 entries of 256, and logits from two layers.</summary>
    public static GumbelQuantizerOptions VqWav2Vec { get; } = new() { Dim = 512, LogitDepth = 2, LogitFactor = 2 };

    /// <summary>G, code books whose entries are put side by side.</summary>
    public int Groups { get; init; } = 2;

    /// <summary>V, entries of a book.</summary>
    public int Entries { get; init; } = 320;

    /// <summary>Numbers of a quantised row, a multiple of <see cref="Groups"/>.</summary>
    public int Dim { get; init; } = 256;

    /// <summary>Whether all groups choose from one book.</summary>
    public bool Combined { get; init; }

    /// <summary>Linear layers that the logits come from, with GELU between them.</summary>
    public int LogitDepth { get; init; } = 1;

    /// <summary>Width of those between, in multiples of the input's.</summary>
    public int LogitFactor { get; init; } = 2;
}

/// <summary>What a product quantiser made of rows.</summary>
/// <param name="Values">[.., D]: entries of the books, side by side.</param>
/// <param name="Codes">Which: N · G numbers below V, those of one row together. Rows are equal where their codes are.</param>
/// <param name="Perplexity">Entries in use by the mean of the soft choices, with gradient: G to G·V (<see cref="CodePerplexity"/>).</param>
/// <param name="Diversity">(G·V - <paramref name="Perplexity"/>)/(G·V), what wav2vec 2.0 adds to its loss.</param>
/// <param name="HardPerplexity">Entries in use by the likeliest choices.</param>
public sealed record GumbelQuantized(Tensor Values, int[] Codes, Tensor Perplexity, Tensor Diversity, double HardPerplexity)
{
    /// <summary>The likeliest choices, which are <see cref="Codes"/> where nothing was drawn.</summary>
    public int[] Likeliest { get; init; } = Codes;
}

/// <summary>
/// The product quantiser of wav2vec 2.0 and vq-wav2vec: each group chooses an entry of its book, in training by a draw whose
/// gradient is that of a soft choice, in evaluation the likeliest.
/// </summary>
/// <remarks>
/// Baevski et al. 2019, arXiv:1910.05453, section 3.1.1, and 2020, arXiv:2006.11477, eq. 1; names as published
/// (<c>codevectors</c> [1, G·V, D/G], <c>weight_proj</c>). Entries begin uniform in [0, 1), a single layer of logits N(0, 1).
/// </remarks>
public sealed class GumbelQuantizer : Module
{
    private readonly GumbelQuantizerOptions options;
    private readonly Tensor books;
    private readonly IReadOnlyList<Linear> logits;

    /// <param name="input">Numbers of a row that is quantised.</param>
    /// <param name="options">Books and logits.</param>
    /// <exception cref="TacitException">Sizes that cannot be.</exception>
    public GumbelQuantizer(int input, GumbelQuantizerOptions options)
    {
        if (options.Groups < 1 || options.Entries < 1 || options.Dim < 1 || options.Dim % options.Groups != 0 || options.LogitDepth < 1 || options.LogitFactor < 1)
        {
            throw new TacitException(
                $"A quantiser of {options.Groups} groups of {options.Entries} entries for {options.Dim} numbers cannot be built: all are positive, and the groups divide the numbers.");
        }

        this.options = options;
        books = AddParameter("codevectors", new Shape(1, (options.Combined ? 1 : options.Groups) * options.Entries, options.Dim / options.Groups), Initializers.Uniform(0, 1));
        int output = options.Groups * options.Entries, inner = input * options.LogitFactor;
        logits = options.LogitDepth == 1
            ? [Add("weight_proj", new Linear(input, output, weightInitializer: Initializers.Normal(1), biasInitializer: Initializers.Zeros))]
            : Add("weight_proj", new Logits(input, inner, output, options.LogitDepth)).Layers;
    }

    /// <summary>G·V, the largest perplexity there is.</summary>
    public int Codes => options.Groups * options.Entries;

    /// <param name="x">[.., input]: real rows only, since all count in the perplexity.</param>
    /// <param name="temperature">Of the draws, see <see cref="GumbelTemperature"/>; not looked at in evaluation.</param>
    public GumbelQuantized Forward(Tensor x, float temperature) => Forward(x, temperature, null);

    /// <summary>With noise [N · G, V] of the caller's own.</summary>
    internal GumbelQuantized Forward(Tensor x, float temperature, Tensor? noise)
    {
        int groups = options.Groups, entries = options.Entries, rows = x.Shape.Rows;
        Tensor scores = Scores(x);
        Tensor perplexity = CodePerplexity.Of(Ops.Softmax(scores).Reshape(rows, groups, entries));
        int[] likeliest = CodeChoice.Largest(scores), codes = likeliest;
        Tensor values;
        if (Training)
        {
            (Tensor choice, codes) = CodeChoice.Draw(scores, temperature, noise ?? CodeChoice.Noise(scores.Shape, Path));
            values = Ops.Concat(1, [.. Enumerable.Range(0, groups).Select(g => Ops.MatMul(Ops.Slice(choice.Reshape(rows, groups, entries), 1, g, 1).Reshape(rows, entries), Book(g)))]);
        }
        else
        {
            values = Ops.Gather(books.Reshape(-1, books.Shape[2]), [.. codes.Select((code, i) => code + (options.Combined ? 0 : i % groups * entries))]);
        }

        int[] shape = x.Shape.ToArray();
        shape[^1] = options.Dim;
        Tensor diversity = Ops.Divide(Ops.Subtract(Codes, perplexity), Codes);
        return new GumbelQuantized(values.Reshape(shape), codes, perplexity, diversity, CodePerplexity.Of(likeliest, groups, entries)) { Likeliest = likeliest };
    }

    /// <summary>The likeliest codes, in training too: N · G numbers below V, without gradient.</summary>
    /// <param name="x">[N, input]</param>
    public int[] Likeliest(Tensor x)
    {
        using Scope scope = Scope.NoGradient();
        return CodeChoice.Largest(Scores(x));
    }

    /// <summary>
    /// Lets the entries begin as the k-means centroids of what they are to stand for (<see cref="CodeStart"/>), and the choice as that of
    /// Gaussians around them, all of one variance: (x·e − ‖e‖²/2)/σ² is the logit of entry e. Nothing where there are fewer rows than entries.
    /// </summary>
    /// <param name="x">[N, D], as wide as what it is quantised to.</param>
    /// <param name="seed">Of the centroids' own start.</param>
    /// <remarks>Two layers of logits with GELU between them hold a linear map, since GELU(x) − GELU(−x) = x; the first is then at least twice as wide as x.</remarks>
    /// <exception cref="TacitException">Sizes or layers in which this cannot be.</exception>
    public void Begin(Tensor x, ulong seed)
    {
        int dim = x.Shape[1], width = options.Dim / options.Groups;
        if (dim != options.Dim || options.LogitDepth > 2 || (options.LogitDepth == 2 && options.LogitFactor < 2))
        {
            throw new TacitException($"A quantiser of {dim} numbers to {options.Dim} by {options.LogitDepth} layers, {options.LogitFactor} times as wide, cannot begin from what it quantises.");
        }

        using Scope scope = Scope.NoGradient();
        if (CodeStart.Of(x, options.Groups, options.Combined ? 1 : options.Groups, options.Entries, seed) is not { } start)
        {
            return;
        }

        start.Entries.Span.CopyTo(books.Span);
        foreach (Tensor values in logits.SelectMany(layer => new[] { layer.Weight, layer.Bias! }))
        {
            values.Span.Clear();
        }

        for (int i = 0; i < dim && logits.Count == 2; i++)
        {
            (logits[0].Weight[i, i], logits[0].Weight[dim + i, i]) = (1, -1);
        }

        for (int code = 0; code < Codes; code++)
        {
            ReadOnlySpan<float> entry = Book(code / options.Entries).Span.Slice(code % options.Entries * width, width);
            for (int i = 0; i < width; i++)
            {
                int place = (code / options.Entries * width) + i;
                logits[^1].Weight[code, place] = entry[i] / start.Variance;
                logits[^1].Bias![code] -= entry[i] * entry[i] / 2 / start.Variance;
                if (logits.Count == 2)
                {
                    logits[^1].Weight[code, dim + place] = -entry[i] / start.Variance;
                }
            }
        }
    }

    /// <summary>[.., input] to logits [N · G, V]</summary>
    private Tensor Scores(Tensor x)
    {
        Tensor scores = x.Reshape(x.Shape.Rows, x.Shape.Last);
        for (int i = 0; i < logits.Count; i++)
        {
            scores = logits[i].Forward(i == 0 ? scores : Ops.Gelu(scores));
        }

        return scores.Reshape(x.Shape.Rows * options.Groups, options.Entries);
    }

    private Tensor Book(int group) => books.Reshape(-1, books.Shape[2]).Rows(options.Combined ? 0 : group * options.Entries, options.Entries);

    /// <summary>Named as published: <c>0.0</c>, <c>1.0</c> … and the last layer by its number alone.</summary>
    private sealed class Logits : Module
    {
        public Logits(int input, int inner, int output, int depth)
        {
            var layers = new Linear[depth];
            for (int i = 0; i < depth; i++)
            {
                string number = i.ToString(CultureInfo.InvariantCulture);
                layers[i] = new Linear(i == 0 ? input : inner, i == depth - 1 ? output : inner);
                Add<Layer>(number, i == depth - 1 ? layers[i] : new Sequential(layers[i]));
            }

            Layers = layers;
        }

        public IReadOnlyList<Linear> Layers { get; }
    }
}
