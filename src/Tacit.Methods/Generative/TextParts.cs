using Tacit.Data.Loading;
using Tacit.Models;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>What the methods of text share: batches as whole numbers, and what is reported.</summary>
internal static class TextParts
{
    /// <summary>The encoder as one of tokens.</summary>
    /// <exception cref="ConfigurationException">It is another, or of the wrong causality.</exception>
    public static TokenTransformer Model(Backbone backbone, string method, bool causal)
    {
        Refuse(backbone.Options, method, causal);
        return (TokenTransformer)backbone;
    }

    /// <summary>Refuses encoders that cannot read tokens, or look the wrong way.</summary>
    public static void Refuse(BackboneOptions model, string method, bool causal)
    {
        if (model.Name != BackboneFactory.TokenTransformer)
        {
            throw DataFit.Refusal("model.name", $"{method} reads tokens of text, which {model.Name} cannot; it works with {BackboneFactory.TokenTransformer}");
        }

        if (model.Causal != causal)
        {
            throw DataFit.Refusal("model.causal", causal
                ? $"{method} tells each token from those before it, so no place may see what comes later; give true"
                : $"{method} tells hidden tokens from both sides; give false");
        }
    }

    /// <summary>N · T tokens.</summary>
    public static int[] Tokens(Tensor views)
    {
        var tokens = new int[views.Length];
        for (int i = 0; i < tokens.Length; i++)
        {
            tokens[i] = (int)views.Span[i];
        }

        return tokens;
    }

    /// <summary>Places of a batch, text by text, that hold text and not padding, from a place of each text on.</summary>
    public static int[] Places(Batch batch, int from)
    {
        int length = batch.Views.Shape[1];
        return [.. Enumerable.Range(0, batch.Size).SelectMany(i => Enumerable.Range((i * length) + from, Math.Max(0, (batch.Lengths?[i] ?? length) - from)))];
    }

    /// <summary>Reports perplexity (e to the loss), accuracy and, where the batch says how long tokens are, bits per byte.</summary>
    /// <param name="diagnostics">Takes them.</param>
    /// <param name="loss">Mean −ln p of the told tokens.</param>
    /// <param name="logits">[M, V]</param>
    /// <param name="told">M tokens.</param>
    /// <param name="tokenBytes">Bytes of each token of the vocabulary, or null.</param>
    public static void Report(Diagnostics diagnostics, double loss, Tensor logits, int[] told, int[]? tokenBytes)
    {
        diagnostics.Report("perplexity", Math.Exp(loss));
        if (tokenBytes is not null)
        {
            diagnostics.Report("bits_per_byte", loss * told.Length / (Math.Log(2) * told.Sum(token => tokenBytes[token])));
        }

        if (diagnostics.Detailed)
        {
            diagnostics.Report("accuracy", ClassReport.Accuracy(logits, told));
        }
    }
}
