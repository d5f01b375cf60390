using System.Runtime.InteropServices;
using System.Text;

namespace Tacit.Data.Text;

/// <summary>Finds the merges of a byte-pair tokeniser: the most frequent pair of neighbouring tokens becomes a token, again and again.</summary>
/// <remarks>
/// Sennrich, Haddow and Birch 2016, arXiv:1508.07909, algorithm 1, on bytes. Each different piece of the text is held once with its
/// count, and a merge looks only at the pieces that hold its pair.
/// </remarks>
internal sealed class BytePairTraining
{
    private readonly List<int[]> pieces = [];
    private readonly List<long> frequency = [];
    private readonly Dictionary<(int A, int B), long> counts = [];
    private readonly Dictionary<(int A, int B), List<int>> places = [];
    private readonly PriorityQueue<((int A, int B) Pair, long Count), (long Rarity, int A, int B)> queue = new();
    private readonly HashSet<(int A, int B)> changed = [];

    public BytePairTraining(IEnumerable<byte[]> texts)
    {
        var known = new Dictionary<string, int>(StringComparer.Ordinal);
        Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> lookup = known.GetAlternateLookup<ReadOnlySpan<char>>();
        Span<char> key = stackalloc char[TextPieces.Longest];
        foreach (byte[] text in texts)
        {
            foreach (ReadOnlySpan<byte> piece in new TextPieces(text))
            {
                Span<char> own = key[..Encoding.Latin1.GetChars(piece, key)];
                ref int index = ref CollectionsMarshal.GetValueRefOrAddDefault(lookup, own, out bool exists);
                if (!exists)
                {
                    index = pieces.Count;
                    pieces.Add(Tokens(piece));
                    frequency.Add(0);
                }

                frequency[index]++;
            }
        }

        for (int i = 0; i < pieces.Count; i++)
        {
            Count(i, 1);
        }

        Queue();
    }

    /// <summary>At most so many merges, in the order they are made; fewer where no pair is left that comes twice. Of equally frequent pairs the one of smaller numbers comes first.</summary>
    public (int A, int B)[] Run(int most)
    {
        var merges = new List<(int, int)>();
        while (merges.Count < most && queue.TryDequeue(out var best, out _))
        {
            if (best.Count < 2)
            {
                break;
            }

            // An entry that is out of date was queued again when its count changed.
            if (counts.GetValueOrDefault(best.Pair) == best.Count)
            {
                Merge(best.Pair, 256 + merges.Count);
                merges.Add(best.Pair);
            }
        }

        return [.. merges];
    }

    /// <summary>A sequence with every occurrence of a pair, from the left, replaced by one token.</summary>
    public static int[] Merged(ReadOnlySpan<int> tokens, (int A, int B) pair, int merged)
    {
        var result = new List<int>(tokens.Length);
        for (int i = 0; i < tokens.Length; i++)
        {
            bool here = i + 1 < tokens.Length && tokens[i] == pair.A && tokens[i + 1] == pair.B;
            result.Add(here ? merged : tokens[i]);
            i += here ? 1 : 0;
        }

        return [.. result];
    }

    public static int[] Tokens(ReadOnlySpan<byte> piece)
    {
        var tokens = new int[piece.Length];
        for (int i = 0; i < tokens.Length; i++)
        {
            tokens[i] = piece[i];
        }

        return tokens;
    }

    private void Merge((int A, int B) pair, int merged)
    {
        foreach (int index in places[pair])
        {
            int[] after = Merged(pieces[index], pair, merged);
            if (after.Length < pieces[index].Length)
            {
                Count(index, -1);
                pieces[index] = after;
                Count(index, 1);
            }
        }

        places.Remove(pair);
        Queue();
    }

    /// <summary>Adds a piece's pairs to the counts, or takes them off.</summary>
    private void Count(int index, int sign)
    {
        int[] tokens = pieces[index];
        for (int i = 0; i + 1 < tokens.Length; i++)
        {
            var pair = (tokens[i], tokens[i + 1]);
            CollectionsMarshal.GetValueRefOrAddDefault(counts, pair, out _) += sign * frequency[index];
            changed.Add(pair);
            if (sign > 0)
            {
                List<int> list = CollectionsMarshal.GetValueRefOrAddDefault(places, pair, out _) ??= [];
                if (list.Count == 0 || list[^1] != index)
                {
                    list.Add(index);
                }
            }
        }
    }

    private void Queue()
    {
        foreach ((int A, int B) pair in changed)
        {
            long count = counts[pair];
            if (count > 0)
            {
                queue.Enqueue((pair, count), (-count, pair.A, pair.B));
            }
            else
            {
                counts.Remove(pair);
            }
        }

        changed.Clear();
    }
}
