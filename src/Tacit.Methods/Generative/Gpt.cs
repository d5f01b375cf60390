using Tacit.Data.Loading;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>The options of <see cref="Gpt"/>: it has none beyond its model's.</summary>
public sealed record GptOptions : MethodOptions
{
    internal static OptionTable<GptOptions> Table { get; } = new();

    public override MethodOptions FitTo(DataFit fit)
    {
        TextParts.Refuse(fit.Model, "gpt", causal: true);
        return this;
    }
}

/// <summary>GPT: tell each token of a text from those before it.</summary>
/// <remarks>
/// Radford et al. 2018, "Improving Language Understanding by Generative Pre-Training", eq. 1 and 2, with the norms of GPT-2 (2019).
/// What tells tokens from states is the token embeddings themselves.
/// </remarks>
public sealed class Gpt(Backbone backbone) : Method(backbone)
{
    private readonly TokenTransformer model = TextParts.Model(backbone, "gpt", causal: true);

    public static MethodEntry Entry { get; } = new(
        new MethodInfo(
            "gpt",
            "generative",
            ["text"],
            "Radford, Narasimhan, Salimans and Sutskever: Improving Language Understanding by Generative Pre-Training, OpenAI 2018",
            2018,
            "Tell each word of a text from those before it"),
        new GptOptions(),
        GptOptions.Table.As<MethodOptions>(),
        (backbone, _) => new Gpt(backbone))
    {
        Setup = new MethodSetup
        {
            Architecture = BackboneFactory.TokenTransformer,
            Model = options => options with { Causal = true },
            Optimizer = new OptimizerOptions { Name = "adamw", Lr = 2e-3, WeightDecay = 0.01, Beta2 = 0.95, ClipNorm = 1 },
            Schedule = new ScheduleOptions { Warmup = 0.1 },
            BatchSize = 32,
            ReferenceBatch = 32,
        },
    };

    public override Tensor Loss(Batch batch, Diagnostics diagnostics)
    {
        int[] tokens = TextParts.Tokens(batch.Views);           // N · T
        int[] places = TextParts.Places(batch, 1);              // M: each text's first token has nothing before it
        int[] told = Array.ConvertAll(places, place => tokens[place]);
        Tensor logits = Logits(tokens, batch.Size, batch.Lengths, Array.ConvertAll(places, place => place - 1));
        Tensor loss = Ops.CrossEntropy(logits, told);
        TextParts.Report(diagnostics, loss.ToScalar(), logits, told, batch.TokenBytes);
        return loss;
    }

    /// <summary>What the model thinks comes after some places of texts, knowing all up to them.</summary>
    /// <param name="tokens">N · T tokens.</param>
    /// <param name="n">N, the texts.</param>
    /// <param name="lengths">Tokens of each text that are not padding; null for all.</param>
    /// <param name="places">M indices into the tokens.</param>
    /// <returns>[M, V]</returns>
    public Tensor Logits(int[] tokens, int n, int[]? lengths, int[] places) =>
        model.Logits(Ops.Gather(model.Encode(tokens, n, lengths).Reshape(tokens.Length, model.Dim), places));

    /// <summary>All tokens equally likely.</summary>
    public override double? ChanceLoss(int batchSize) => Math.Log(model.Vocabulary);
}
