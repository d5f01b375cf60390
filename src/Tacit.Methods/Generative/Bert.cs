using Tacit.Data.Loading;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>BERT: tell hidden tokens of a text from those on both sides.</summary>
/// <remarks>
/// Devlin et al. 2019, arXiv:1810.04805, section 3.1, without next-sentence prediction (as RoBERTa, Liu et al. 2019, arXiv:1907.11692):
/// 15 % of the tokens are told; of these 80 % are hidden, 10 % replaced, 10 % shown. The head is a layer, GELU, a norm, and the token
/// embeddings themselves with a bias for each.
/// </remarks>
public sealed class Bert : Method
{
    private readonly BertOptions options;
    private readonly TokenTransformer model;
    private readonly Linear transform;
    private readonly LayerNorm ln;
    private readonly Tensor bias;

    public Bert(Backbone backbone, BertOptions options) : base(backbone)
    {
        this.options = options;
        model = TextParts.Model(backbone, "bert", causal: false);
        transform = Add("transform", new Linear(model.Dim, model.Dim, weightInitializer: Initializers.XavierUniform(), biasInitializer: Initializers.Zeros));
        ln = Add("ln", new LayerNorm(model.Dim));
        bias = AddParameter("bias", new Shape(model.Vocabulary), Initializers.Zeros);
    }

    public static MethodEntry Entry { get; } = new(
        new MethodInfo(
            "bert",
            "generative",
            ["text"],
            "Devlin, Chang, Lee and Toutanova: BERT: Pre-training of Deep Bidirectional Transformers for Language Understanding, arXiv:1810.04805",
            2018,
            "Tell hidden words of a text from those on both sides"),
        new BertOptions(),
        BertOptions.Table.As<MethodOptions>(),
        (backbone, options) => new Bert(backbone, (BertOptions)options))
    {
        Setup = new MethodSetup
        {
            Architecture = BackboneFactory.TokenTransformer,
            Optimizer = new OptimizerOptions { Name = "adamw", Lr = 2e-3, WeightDecay = 0.01, ClipNorm = 1 },
            Schedule = new ScheduleOptions { Warmup = 0.1 },
            BatchSize = 64,
            ReferenceBatch = 64,
        },
    };

    public override Tensor Loss(Batch batch, Diagnostics diagnostics)
    {
        int[] tokens = TextParts.Tokens(batch.Views), seen = [.. tokens];      // N · T
        int length = batch.Views.Shape[1];
        RandomSequence random = Scope.NextRandom("mask", Path);
        int[] places = Hide(seen, batch.Lengths ?? [.. Enumerable.Repeat(length, batch.Size)], length, model.Vocabulary, options, ref random);      // M
        int[] told = Array.ConvertAll(places, place => tokens[place]);
        Tensor logits = Logits(seen, batch.Size, batch.Lengths, places);
        Tensor loss = Ops.CrossEntropy(logits, told);
        TextParts.Report(diagnostics, loss.ToScalar(), logits, told, batch.TokenBytes);
        return loss;
    }

    /// <summary>What the model thinks stands at some places of texts.</summary>
    /// <param name="tokens">N · T tokens, those that are to be told hidden by <see cref="TokenTransformer.Mask"/>.</param>
    /// <param name="n">N, the texts.</param>
    /// <param name="lengths">Tokens of each text that are not padding; null for all.</param>
    /// <param name="places">M indices into the tokens.</param>
    /// <returns>[M, V]</returns>
    public Tensor Logits(int[] tokens, int n, int[]? lengths, int[] places)
    {
        Tensor states = Ops.Gather(model.Encode(tokens, n, lengths).Reshape(tokens.Length, model.Dim), places);
        return Ops.Add(model.Logits(ln.Forward(Ops.Gelu(transform.Forward(states)))), bias);
    }

    /// <summary>All tokens equally likely.</summary>
    public override double? ChanceLoss(int batchSize) => Math.Log(model.Vocabulary);

    /// <summary>Chooses tokens of each text, at least one and none of them padding, and hides, replaces or shows them.</summary>
    /// <param name="tokens">N · T tokens; changed in place.</param>
    /// <param name="lengths">N: tokens of each text that are not padding.</param>
    /// <param name="length">T</param>
    /// <param name="vocabulary">V; V + 1 hides.</param>
    /// <param name="options">The shares.</param>
    /// <param name="random">Chance.</param>
    /// <returns>The places that are to be told, ascending.</returns>
    internal static int[] Hide(int[] tokens, int[] lengths, int length, int vocabulary, BertOptions options, ref RandomSequence random)
    {
        var chosen = new List<int>();
        for (int item = 0; item < lengths.Length; item++)
        {
            int own = lengths[item], wanted = Math.Max(1, (int)Math.Round(options.MaskRatio * own));
            int[] places = [.. Enumerable.Range(item * length, own)];
            for (int i = 0; i < wanted; i++)
            {
                int j = i + random.NextInt(own - i);
                (places[i], places[j]) = (places[j], places[i]);
            }

            chosen.AddRange(places[..wanted].Order());
        }

        foreach (int place in chosen)
        {
            float u = random.NextUniform();
            tokens[place] = u < options.HiddenShare ? vocabulary + 1
                : u < options.HiddenShare + options.RandomShare ? random.NextInt(vocabulary)
                : tokens[place];
        }

        return [.. chosen];
    }
}
