using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tacit.Tensors;

namespace Tacit.Data.Text;

/// <summary>
/// Text as numbers and back, without loss whatever the bytes: 0 to 255 are the bytes themselves, each further token is a pair of tokens
/// that often stand together; after these come <see cref="Pad"/> and <see cref="Mask"/>, which no text gives.
/// </summary>
/// <remarks>Byte-level BPE as Radford et al. 2019 (GPT-2), section 2.2: pairs are merged within words, never across them.</remarks>
public sealed class BytePairTokenizer
{
    /// <summary>Tokens that are bytes, with which every vocabulary begins.</summary>
    public const int Bytes = 256;

    /// <summary>Tokens beyond the vocabulary that stand for no text.</summary>
    public const int SpecialCount = 2;

    private const string Format = "tacit-tokenizer-1";

    private readonly (int A, int B)[] merges;
    private readonly Dictionary<(int A, int B), int> ranks = [];
    private readonly byte[][] texts;

    /// <param name="merges">The pairs in the order they are merged; pair i becomes token 256 + i.</param>
    /// <exception cref="TacitException">A pair holds a token that is not there yet, or comes twice.</exception>
    public BytePairTokenizer(IReadOnlyList<(int A, int B)> merges)
    {
        this.merges = [.. merges];
        texts = new byte[Bytes + this.merges.Length][];
        for (int token = 0; token < texts.Length; token++)
        {
            if (token < Bytes)
            {
                texts[token] = [(byte)token];
                continue;
            }

            (int a, int b) = this.merges[token - Bytes];
            if ((uint)a >= (uint)token || (uint)b >= (uint)token || !ranks.TryAdd((a, b), token - Bytes))
            {
                throw new TacitException($"A tokeniser's merge {token - Bytes} of {a} and {b} cannot be: both must be tokens before {token}, and no pair comes twice.");
            }

            texts[token] = [.. texts[a], .. texts[b]];
        }

        TokenBytes = [.. texts.Select(t => t.Length)];
    }

    /// <summary>Tokens that stand for text: bytes and merges.</summary>
    public int Vocabulary => texts.Length;

    /// <summary>Fills up sequences that are shorter than others of their batch.</summary>
    public int Pad => Vocabulary;

    /// <summary>Stands where a token is hidden.</summary>
    public int Mask => Vocabulary + 1;

    /// <summary>How many bytes each token of the vocabulary stands for.</summary>
    public int[] TokenBytes { get; }

    /// <summary>Learns the merges from texts: the same from the same texts in the same order.</summary>
    /// <param name="texts">Bytes, as a rule UTF-8.</param>
    /// <param name="vocabulary">Tokens wanted, the 256 bytes included; fewer come out where no pair is left that occurs twice.</param>
    public static BytePairTokenizer Train(IEnumerable<byte[]> texts, int vocabulary)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(vocabulary, Bytes);
        return new(new BytePairTraining(texts).Run(vocabulary - Bytes));
    }

    /// <summary>What <see cref="ToJson"/> wrote.</summary>
    /// <param name="json">The text.</param>
    /// <param name="path">What errors call it.</param>
    /// <exception cref="TacitException">It is not a tokeniser.</exception>
    public static BytePairTokenizer FromJson(string json, string path)
    {
        try
        {
            JsonNode root = JsonNode.Parse(json)!;
            return (string?)root["format"] == Format
                ? new([.. root["merges"]!.AsArray().Select(pair => ((int)pair![0]!, (int)pair[1]!))])
                : throw new TacitException($"'{path}' holds no tokeniser of the format {Format}.");
        }
        catch (Exception error) when (error is JsonException or NullReferenceException or InvalidOperationException or FormatException or ArgumentOutOfRangeException)
        {
            throw new TacitException($"'{path}' holds no tokeniser that can be read: {error.Message}", error);
        }
    }

    /// <exception cref="TacitException">There is no such file, or it is not a tokeniser.</exception>
    public static BytePairTokenizer Read(string path)
    {
        try
        {
            return FromJson(File.ReadAllText(path), path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new TacitException($"The tokeniser '{path}' cannot be read: {error.Message}", error);
        }
    }

    /// <summary>The merges, on one line.</summary>
    public string ToJson() => $$"""{"format":"{{Format}}","merges":[{{string.Join(',', merges.Select(m => FormattableString.Invariant($"[{m.A},{m.B}]")))}}]}""";

    /// <exception cref="TacitException">It cannot be written; a file that was there is untouched.</exception>
    public void Write(string path) => AtomicFile.WriteText(path, ToJson());

    /// <summary>The tokens of UTF-8 text.</summary>
    public int[] Encode(string text) => Encode(Encoding.UTF8.GetBytes(text));

    /// <summary>The tokens of any bytes.</summary>
    /// <param name="text">The bytes.</param>
    /// <param name="most">Ends after so many tokens.</param>
    public int[] Encode(ReadOnlySpan<byte> text, int most = int.MaxValue)
    {
        var tokens = new List<int>(text.Length / 2);
        var known = new Dictionary<string, int[]>(StringComparer.Ordinal);
        Dictionary<string, int[]>.AlternateLookup<ReadOnlySpan<char>> lookup = known.GetAlternateLookup<ReadOnlySpan<char>>();
        Span<char> key = stackalloc char[TextPieces.Longest];
        foreach (ReadOnlySpan<byte> piece in new TextPieces(text))
        {
            Span<char> own = key[..Encoding.Latin1.GetChars(piece, key)];
            tokens.AddRange(CollectionsMarshal.GetValueRefOrAddDefault(lookup, own, out _) ??= Merge(piece));
            if (tokens.Count >= most)
            {
                return [.. tokens[..most]];
            }
        }

        return [.. tokens];
    }

    /// <summary>The bytes that tokens stand for; special tokens give [PAD] and [MASK].</summary>
    /// <exception cref="ArgumentException">A token that does not exist.</exception>
    public byte[] Decode(ReadOnlySpan<int> tokens)
    {
        var bytes = new List<byte>(tokens.Length * 3);
        foreach (int token in tokens)
        {
            bytes.AddRange((uint)token < (uint)Vocabulary ? texts[token]
                : token == Pad ? "[PAD]"u8 : token == Mask ? "[MASK]"u8
                : throw new ArgumentException($"There is no token {token} in a vocabulary of {Vocabulary}.", nameof(tokens)));
        }

        return [.. bytes];
    }

    /// <summary>The text that tokens stand for; bytes that are not UTF-8 show as U+FFFD.</summary>
    public string Text(ReadOnlySpan<int> tokens) => Encoding.UTF8.GetString(Decode(tokens));

    /// <summary>The pair that was learned first is merged first.</summary>
    private int[] Merge(ReadOnlySpan<byte> piece)
    {
        int[] tokens = BytePairTraining.Tokens(piece);
        while (true)
        {
            int best = int.MaxValue;
            for (int i = 0; i + 1 < tokens.Length; i++)
            {
                best = Math.Min(best, ranks.GetValueOrDefault((tokens[i], tokens[i + 1]), int.MaxValue));
            }

            if (best == int.MaxValue)
            {
                return tokens;
            }

            tokens = BytePairTraining.Merged(tokens, merges[best], Bytes + best);
        }
    }
}
