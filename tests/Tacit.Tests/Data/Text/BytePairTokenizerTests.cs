using System.Text;
using Tacit.Data.Text;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Data.Text;

public sealed class BytePairTokenizerTests
{
    private const string Verse = "the cat sat on the mat, the rat sat on the cat; that's 1,234 cats  at  the bat.\n\nThe end — voilà!\n";

    /// <summary>aaabdaaabac by hand: aa comes 4 times; then (aa)a and ab twice each, of which ab has the smaller numbers; then (aa)(ab) twice.</summary>
    [Fact]
    public void The_most_frequent_pair_is_merged_and_ties_go_to_smaller_numbers()
    {
        var tokenizer = BytePairTokenizer.Train(["aaabdaaabac"u8.ToArray()], 1000);

        Assert.Equal("""{"format":"tacit-tokenizer-1","merges":[[97,97],[97,98],[256,257]]}""", tokenizer.ToJson());
        Assert.Equal((259, 259, 260), (tokenizer.Vocabulary, tokenizer.Pad, tokenizer.Mask));
        Assert.Equal([258, 'd', 258, 'a', 'c'], tokenizer.Encode("aaabdaaabac"));
        Assert.Equal([2, 2, 4], tokenizer.TokenBytes[256..]);
    }

    /// <summary>Counting all pairs anew for every merge gives the same merges.</summary>
    [Fact]
    public void Merges_are_those_of_the_plain_algorithm()
    {
        byte[] text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(Verse, 2)) + "banana bandana ananas");
        var pieces = new List<int[]>();
        foreach (ReadOnlySpan<byte> piece in new TextPieces(text))
        {
            pieces.Add([.. piece.ToArray().Select(b => (int)b)]);
        }

        var expected = new List<(int, int)>();
        for (int merged = 256; merged < 280; merged++)
        {
            var best = pieces.SelectMany(p => p.Zip(p.Skip(1))).GroupBy(pair => pair).OrderByDescending(g => g.Count()).ThenBy(g => g.Key).First();
            Assert.True(best.Count() > 1);
            expected.Add(best.Key);
            for (int i = 0; i < pieces.Count; i++)
            {
                pieces[i] = Replace(pieces[i], best.Key, merged);
            }
        }

        string merges = string.Join(',', expected.Select(m => $"[{m.Item1},{m.Item2}]"));
        Assert.Contains($"[{merges}]", BytePairTokenizer.Train([text], 280).ToJson(), StringComparison.Ordinal);
        Assert.Equal(pieces.SelectMany(p => p), BytePairTokenizer.Train([text], 280).Encode(text));
    }

    [Fact]
    public void Any_bytes_come_back()
    {
        var tokenizer = BytePairTokenizer.Train([Encoding.UTF8.GetBytes(Verse)], 300);
        var random = new RandomSequence(3, 1, 0);
        foreach (int length in new[] { 0, 1, 2, 63, 64, 65, 200, 5000 })
        {
            byte[] any = new byte[length], spaces = new byte[length], letters = new byte[length];
            for (int i = 0; i < length; i++)
            {
                any[i] = (byte)random.NextInt(256);
                spaces[i] = " \n a"u8[random.NextInt(4)];
                letters[i] = (byte)('a' + random.NextInt(2));
            }

            Assert.Equal(any, tokenizer.Decode(tokenizer.Encode(any)));
            Assert.Equal(spaces, tokenizer.Decode(tokenizer.Encode(spaces)));
            Assert.Equal(letters, tokenizer.Decode(tokenizer.Encode(letters)));
        }

        Assert.Equal(Verse, tokenizer.Text(tokenizer.Encode(Verse)));
        Assert.Equal(tokenizer.Encode(Verse)[..5], tokenizer.Encode(Encoding.UTF8.GetBytes(Verse), 5));
        Assert.Equal("a[MASK][PAD]", tokenizer.Text(['a', tokenizer.Mask, tokenizer.Pad]));
        Assert.Throws<ArgumentException>(() => tokenizer.Decode([tokenizer.Mask + 1]));
    }

    [Fact]
    public void Pieces_are_words_with_the_space_before_them()
    {
        var pieces = new List<string>();
        foreach (ReadOnlySpan<byte> piece in new TextPieces(Encoding.UTF8.GetBytes("Ab c1,234 --  voilà\n\n x \t")))
        {
            pieces.Add(Encoding.UTF8.GetString(piece));
        }

        Assert.Equal(["Ab", " c", "1", ",", "234", " --", " ", " voilà", "\n\n", " x", " \t"], pieces);
    }

    [Fact]
    public void A_file_keeps_it()
    {
        using var folder = new TemporaryFolder();
        var tokenizer = BytePairTokenizer.Train([Encoding.UTF8.GetBytes(Verse)], 280);
        tokenizer.Write(folder["tokenizer.json"]);

        var read = BytePairTokenizer.Read(folder["tokenizer.json"]);
        Assert.Equal(tokenizer.ToJson(), read.ToJson());
        Assert.Equal(tokenizer.Encode(Verse), read.Encode(Verse));
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("""{"format":"tacit-tokenizer-1"}""")]
    [InlineData("""{"format":"tacit-tokenizer-1","merges":[[97]]}""")]
    [InlineData("""{"format":"tacit-tokenizer-1","merges":[[97,"b"]]}""")]
    [InlineData("""{"format":"tacit-tokenizer-1","merges":[[97,256]]}""")]
    [InlineData("""{"format":"tacit-tokenizer-1","merges":[[97,98],[97,98]]}""")]
    [InlineData("""{"format":"tacit-tokenizer-1","merges":[[-1,98]]}""")]
    public void What_is_no_tokeniser_is_refused(string json) => Assert.Throws<TacitException>(() => BytePairTokenizer.FromJson(json, "file"));

    private static int[] Replace(int[] piece, (int, int) pair, int merged)
    {
        var result = new List<int>();
        for (int i = 0; i < piece.Length; i++)
        {
            if (i + 1 < piece.Length && (piece[i], piece[i + 1]) == pair)
            {
                result.Add(merged);
                i++;
            }
            else
            {
                result.Add(piece[i]);
            }
        }

        return [.. result];
    }
}
