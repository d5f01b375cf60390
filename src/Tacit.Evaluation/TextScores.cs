using System.IO.Compression;
using Tacit.Data.Text;
using Tacit.Methods;
using Tacit.Models;
using Tacit.Tensors;

namespace Tacit.Evaluation;

/// <summary>How well text that was held out is told: bits a byte from left to right, and hidden words from both sides.</summary>
public static class TextScores
{
    private const int BatchSize = 64;

    /// <summary>
    /// Bits that gpt needs for each piece of a text: −log₂ p of its tokens given those before. Windows overlap by half, so that every token but
    /// those of the first half window has at least half a window before it; the very first token is not told.
    /// </summary>
    /// <returns>Bits and bytes of each piece; all bits over all bytes are the bits per byte.</returns>
    /// <exception cref="TacitException">The text has fewer than two tokens.</exception>
    public static (double Bits, int Bytes)[] NextToken(Gpt method, int[] tokens, BytePairTokenizer tokenizer)
    {
        int length = ((TokenTransformer)method.Backbone).Length, half = Math.Max(1, length / 2);
        var pieces = new List<(int Start, int From, int End)>();
        for (int told = 1; told < tokens.Length;)
        {
            int start = Math.Max(0, told - half), end = Math.Min(tokens.Length, start + length);
            pieces.Add((start, told, end));
            told = end;
        }

        if (pieces.Count == 0)
        {
            throw new TacitException("A text of fewer than two tokens has nothing to tell.");
        }

        method.Eval();
        var result = new (double Bits, int Bytes)[pieces.Count];
        for (int first = 0; first < pieces.Count; first += BatchSize)
        {
            var batch = pieces.Slice(first, Math.Min(BatchSize, pieces.Count - first));
            int[] seen = new int[batch.Count * length], lengths = [.. batch.Select(p => p.End - p.Start)];
            Array.Fill(seen, tokenizer.Pad);
            int[][] places = new int[batch.Count][];
            for (int i = 0; i < batch.Count; i++)
            {
                (int start, int from, int end) = batch[i];
                tokens.AsSpan(start, end - start).CopyTo(seen.AsSpan(i * length));
                places[i] = [.. Enumerable.Range((i * length) + from - start - 1, end - from)];
            }

            using Scope scope = Scope.NoGradient();
            Tensor logits = method.Logits(seen, batch.Count, lengths, [.. places.SelectMany(p => p)]);
            int row = 0;
            for (int i = 0; i < batch.Count; i++)
            {
                for (int t = batch[i].From; t < batch[i].End; t++)
                {
                    result[first + i].Bits += Bits(logits.Rows(row++, 1).Span, tokens[t]);
                    result[first + i].Bytes += tokenizer.TokenBytes[tokens[t]];
                }
            }
        }

        return result;
    }

    /// <summary>The probabilities that bert gives the tokens of the vocabulary at one hidden place of each text.</summary>
    /// <param name="method">Who is asked.</param>
    /// <param name="texts">Tokens, at most as many as the model takes.</param>
    /// <param name="hidden">The place of each text that is hidden.</param>
    /// <returns>One row a text, V numbers.</returns>
    public static float[][] FillIn(Bert method, IReadOnlyList<int[]> texts, IReadOnlyList<int> hidden)
    {
        var model = (TokenTransformer)method.Backbone;
        method.Eval();
        var result = new List<float[]>(texts.Count);
        while (result.Count < texts.Count)
        {
            int first = result.Count, count = Math.Min(BatchSize, texts.Count - first);
            int length = texts.Skip(first).Take(count).Max(t => t.Length);
            int[] seen = new int[count * length], lengths = new int[count], places = new int[count];
            Array.Fill(seen, model.Pad);
            for (int i = 0; i < count; i++)
            {
                texts[first + i].CopyTo(seen.AsSpan(i * length));
                lengths[i] = texts[first + i].Length;
                places[i] = (i * length) + hidden[first + i];
                seen[places[i]] = model.Mask;
            }

            using Scope scope = Scope.NoGradient();
            Tensor p = Ops.Softmax(method.Logits(seen, count, lengths, places));
            result.AddRange(Enumerable.Range(0, count).Select(i => p.Rows(i, 1).ToArray()));
        }

        return [.. result];
    }

    /// <summary>What an encoder makes of a place without seeing the token there: of a causal one the state before it, of others that of a hidden token.</summary>
    /// <param name="model">In evaluation mode afterwards.</param>
    /// <param name="texts">Tokens, at most as many as the model takes.</param>
    /// <param name="places">One of each text, not the first.</param>
    /// <returns>[N, D], long-lived.</returns>
    public static Tensor StatesAt(TokenTransformer model, IReadOnlyList<int[]> texts, IReadOnlyList<int> places)
    {
        model.Eval();
        bool causal = model.Options.Causal;
        Tensor all = Tensor.Lasting(new Shape(texts.Count, model.Dim));
        for (int item = 0; item < texts.Count; item++)
        {
            int place = places[item];
            int[] text = causal ? texts[item][..place] : [.. texts[item]];
            if (!causal)
            {
                text[place] = model.Mask;
            }

            using Scope scope = Scope.NoGradient();
            model.Encode(text, 1, null).Reshape(text.Length, model.Dim).Rows(causal ? place - 1 : place, 1).Span.CopyTo(all.Rows(item, 1).Span);
        }

        return all;
    }

    /// <summary>The share of each token of the vocabulary in each text, [N, V]; long-lived.</summary>
    public static Tensor BagOfTokens(IReadOnlyList<int[]> texts, int vocabulary)
    {
        Tensor all = Tensor.Lasting(new Shape(texts.Count, vocabulary));
        for (int item = 0; item < texts.Count; item++)
        {
            foreach (int token in texts[item])
            {
                all.Span[(item * vocabulary) + token] += 1f / texts[item].Length;
            }
        }

        return all;
    }

    /// <summary>The probability of each token by how often it comes in a text, each counted once more than it does.</summary>
    public static double[] Frequencies(ReadOnlySpan<int> tokens, int vocabulary)
    {
        var p = new double[vocabulary];
        Array.Fill(p, 1.0 / (tokens.Length + vocabulary));
        foreach (int token in tokens)
        {
            p[token] += 1.0 / (tokens.Length + vocabulary);
        }

        return p;
    }

    /// <summary>Bits a byte that gzip needs at its best.</summary>
    public static double Gzip(byte[] text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            gzip.Write(text);
        }

        return 8.0 * packed.Length / text.Length;
    }

    private static double Bits(ReadOnlySpan<float> logits, int token)
    {
        double most = System.Numerics.Tensors.TensorPrimitives.Max(logits), sum = 0;
        foreach (float logit in logits)
        {
            sum += Math.Exp(logit - most);
        }

        return (Math.Log(sum) + most - logits[token]) / Math.Log(2);
    }
}
