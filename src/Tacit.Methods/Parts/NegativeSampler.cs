using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>Where the negatives of a frame come from.</summary>
public enum NegativeSource
{
    /// <summary>Other frames of its utterance.</summary>
    Utterance,

    /// <summary>Other frames of its speaker in the batch; of its utterance where nobody knows who speaks.</summary>
    Speaker,

    /// <summary>Other frames of the batch.</summary>
    Batch,
}

/// <summary>Draws negatives among the frames that there are: real ones of the source asked for, never the positive itself.</summary>
public static class NegativeSampler
{
    internal static (string Word, NegativeSource Value)[] Words { get; } =
        [("utterance", NegativeSource.Utterance), ("speaker", NegativeSource.Speaker), ("batch", NegativeSource.Batch)];

    /// <summary>Frames with one number are each other's negatives.</summary>
    /// <param name="source">Where negatives come from.</param>
    /// <param name="utterances">Each frame's utterance, a number of 0 … N-1.</param>
    /// <param name="speakers">Who speaks in each utterance, -1 for nobody knows.</param>
    /// <exception cref="ConfigurationException">The speaker is asked for, and nothing says who speaks.</exception>
    public static int[] Groups(NegativeSource source, int[] utterances, int[]? speakers) => source switch
    {
        NegativeSource.Utterance => utterances,
        NegativeSource.Batch => new int[utterances.Length],
        _ when speakers is null => throw DataFit.Refusal("method.negatives", "nothing says who speaks in these recordings; take negatives from the utterance or the batch"),
        _ => Array.ConvertAll(utterances, n => speakers[n] >= 0 ? -1 - speakers[n] : n),
    };

    /// <summary>For each frame a list: itself, the positive, then its negatives, drawn with replacement from the others of its group.</summary>
    /// <param name="groups">Each frame's group.</param>
    /// <param name="count">S, negatives of a frame.</param>
    /// <param name="random">Drawn from frame by frame.</param>
    /// <returns>[frames · (1 + S)]; a frame that is alone in its group has -1 for negatives.</returns>
    public static int[] Draw(int[] groups, int count, ref RandomSequence random)
    {
        var members = new Dictionary<int, List<int>>();
        int[] place = new int[groups.Length], lists = new int[groups.Length * (1 + count)];
        for (int i = 0; i < groups.Length; i++)
        {
            if (!members.TryGetValue(groups[i], out List<int>? own))
            {
                members[groups[i]] = own = [];
            }

            place[i] = own.Count;
            own.Add(i);
        }

        for (int i = 0; i < groups.Length; i++)
        {
            List<int> own = members[groups[i]];
            Span<int> list = lists.AsSpan(i * (1 + count), 1 + count);
            list[0] = i;
            for (int s = 1; s <= count; s++)
            {
                // One of the others: those from its own place on move up by one.
                int other = own.Count > 1 ? random.NextInt(own.Count - 1) : -1;
                list[s] = other < 0 ? -1 : own[other + (other >= place[i] ? 1 : 0)];
            }
        }

        return lists;
    }

    /// <summary>The frames that have negatives, of lists as <see cref="Draw"/> gives them.</summary>
    public static IEnumerable<int> Contrasted(int[] lists, int count) =>
        Enumerable.Range(0, lists.Length / (1 + count)).Where(i => lists[(i * (1 + count)) + 1] >= 0);
}
