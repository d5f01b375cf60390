using Tacit.Data;
using Tacit.Tensors;

namespace Tacit.Evaluation;

/// <summary>Which recordings ABX looks at: words of which it is known who says them.</summary>
internal static class AbxSegments
{
    /// <summary>Distances are needed of all pairs.</summary>
    public const int Most = 400;

    private const int MostOfOneWord = 5;

    /// <summary>
    /// At most five of each word by each speaker, drawn by the seed, of the speakers who say most different words, until there are enough.
    /// A class whose name begins with _ stands for no one word and is left out.
    /// </summary>
    /// <returns>In order; none where nothing says what is said and by whom, or where the classes are the speakers.</returns>
    public static int[] Of(Dataset data, ulong seed)
    {
        if (data is not SoundDataset { Labels: { } labels, Speakers: { } speakers } sounds || sounds.Classes.SequenceEqual(sounds.SpeakerNames, StringComparer.Ordinal))
        {
            return [];
        }

        int[] order = Philox.Permutation(sounds.Count, seed, Philox.Hash("abx"), 0);
        int[][] bySpeaker = [.. order
            .Where(i => labels[i] >= 0 && speakers[i] >= 0 && sounds.Samples(i) > 0 && !sounds.Classes[labels[i]].StartsWith('_'))
            .GroupBy(i => (Speaker: speakers[i], Class: labels[i]))
            .GroupBy(words => words.Key.Speaker)
            .OrderByDescending(speaker => speaker.Count()).ThenByDescending(speaker => speaker.Sum(words => Math.Min(MostOfOneWord, words.Count()))).ThenBy(speaker => speaker.Key)
            .Select(speaker => (int[])[.. speaker.SelectMany(words => words.Take(MostOfOneWord))])];
        var chosen = new List<int>();
        foreach (int[] own in bySpeaker)
        {
            if (chosen.Count > 0 && chosen.Count + own.Length > Most)
            {
                break;
            }

            chosen.AddRange(own);
        }

        return [.. chosen.Order()];
    }
}
