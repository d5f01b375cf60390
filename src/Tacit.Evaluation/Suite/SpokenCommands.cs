using Tacit.Data;
using Tacit.Tensors;

namespace Tacit.Evaluation.Suite;

/// <summary>Something a command may say, in one of a few words.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Values">The words.</param>
public sealed record CommandSlot(string Name, IReadOnlyList<string> Values);

/// <summary>A word within a command.</summary>
/// <param name="Word">The word.</param>
/// <param name="Slot">The slot it fills, by number; -1 for a word that fills none.</param>
/// <param name="Start">Its first sample.</param>
/// <param name="Samples">How many.</param>
public sealed record SpokenWord(string Word, int Slot, int Start, int Samples);

/// <summary>A command that one speaker's recorded words were put together to.</summary>
/// <param name="Speaker">Who speaks.</param>
/// <param name="Samples">At the rate of the words.</param>
/// <param name="Words">In the order they are said.</param>
public sealed record SpokenCommand(string Speaker, float[] Samples, IReadOnlyList<SpokenWord> Words)
{
    /// <summary>The value of each slot by number: 0 for none, k + 1 for its k-th value.</summary>
    public int[] Intent { get; } = [.. SpokenCommands.Slots.Select((slot, s) => Words.FirstOrDefault(w => w.Slot == s) is { } word ? slot.Values.ToList().IndexOf(word.Word) + 1 : 0)];
}

/// <summary>
/// Spoken commands out of recordings of single words (Speech Commands): two or three of the slots action, direction and answer, in any order,
/// at times with a word that means nothing here between them; all by one speaker, with pauses.
/// </summary>
/// <remarks>
/// The recipe: a speaker who said words of at least two slots is drawn, and for each of their slots whether it is said (3 of 4 times; drawn
/// again until at least two are), the word among those they said, and the recording; 3 in 10 commands get one of their <c>_unknown_</c> words;
/// the order is a permutation; before each word there is a pause of up to 0.2 s. Everything follows from the seed.
/// </remarks>
public static class SpokenCommands
{
    private const string Unknown = "_unknown_";
    private const float SaidShare = 0.75f, FillerShare = 0.3f;
    private const double LongestPause = 0.2;

    /// <summary>The slots.</summary>
    public static IReadOnlyList<CommandSlot> Slots { get; } =
    [
        new("action", ["go", "stop", "on", "off"]),
        new("direction", ["up", "down", "left", "right"]),
        new("answer", ["yes", "no"]),
    ];

    /// <summary>Puts commands together.</summary>
    /// <param name="words">Recordings of single words in class folders, with speakers.</param>
    /// <param name="count">How many.</param>
    /// <param name="seed">Of all draws.</param>
    /// <param name="speakers">Whose words may be used, by their numbers in the data set; null for all.</param>
    /// <exception cref="TacitException">Nothing says who speaks, or nobody said words of two slots.</exception>
    public static IReadOnlyList<SpokenCommand> Make(SoundDataset words, int count, ulong seed, IReadOnlySet<int>? speakers = null)
    {
        if (words.Speakers is not { } who || words.Labels is not { } labels)
        {
            throw new TacitException($"Commands are put together from words of one speaker, and nothing in '{words.Path}' says which words they are and who speaks.");
        }

        int[] slotOf = [.. words.Classes.Select(c => Slots.ToList().FindIndex(s => s.Values.Contains(c)))];
        Voice[] voices = [.. Enumerable.Range(0, words.Count)
            .Where(i => who[i] >= 0 && labels[i] >= 0 && (speakers is null || speakers.Contains(who[i])) && words.Samples(i) > 0)
            .GroupBy(i => who[i])
            .OrderBy(g => g.Key)
            .Select(g => new Voice(
                words.SpeakerNames[g.Key],
                [.. Slots.Select((_, s) => (IGrouping<int, int>[])[.. g.Where(i => slotOf[labels[i]] == s).GroupBy(i => labels[i])])],
                [.. g.Where(i => words.Classes[labels[i]] == Unknown)]))
            .Where(v => v.Slots.Count(s => s.Length > 0) > 1)];
        return voices.Length == 0
            ? throw new TacitException($"Nobody in '{words.Path}' said words of two of the slots {string.Join(", ", Slots.Select(s => s.Name))}, so no commands can be put together.")
            : [.. Enumerable.Range(0, count).Select(i => One(words, voices, new RandomSequence(seed, Philox.Hash("spoken commands"), i)))];
    }

    /// <summary>The commands as recordings, in their order, with their speakers.</summary>
    public static SoundDataset ToSounds(string name, IReadOnlyList<SpokenCommand> commands, int rate) =>
        SoundDataset.Of(name, [.. commands.Select(c => c.Samples)], rate, speakers: [.. commands.Select(c => c.Speaker)]);

    private static SpokenCommand One(SoundDataset words, Voice[] voices, RandomSequence random)
    {
        Voice voice = voices[random.NextInt(voices.Length)];
        int[] can = [.. Enumerable.Range(0, Slots.Count).Where(s => voice.Slots[s].Length > 0)];
        var said = new List<int>();
        while (said.Count < 2)
        {
            said.Clear();
            foreach (int slot in can)
            {
                if (random.NextUniform() < SaidShare)
                {
                    said.Add(slot);
                }
            }
        }

        var chosen = new List<(int Slot, int Item)>();
        foreach (int slot in said)
        {
            int[] recordings = [.. voice.Slots[slot][random.NextInt(voice.Slots[slot].Length)]];
            chosen.Add((slot, recordings[random.NextInt(recordings.Length)]));
        }

        if (voice.Fillers.Length > 0 && random.NextUniform() < FillerShare)
        {
            chosen.Add((-1, voice.Fillers[random.NextInt(voice.Fillers.Length)]));
        }

        for (int i = chosen.Count - 1; i > 0; i--)
        {
            int j = random.NextInt(i + 1);
            (chosen[i], chosen[j]) = (chosen[j], chosen[i]);
        }

        return Join(words, voice.Name, chosen, ref random);
    }

    private static SpokenCommand Join(SoundDataset words, string speaker, List<(int Slot, int Item)> chosen, ref RandomSequence random)
    {
        var samples = new List<float>();
        var said = new List<SpokenWord>();
        foreach ((int slot, int item) in chosen)
        {
            samples.AddRange(new float[random.NextInt((int)(LongestPause * words.Rate) + 1)]);
            float[] word = words.Read(item);
            said.Add(new SpokenWord(words.Classes[words.Labels![item]] is var name && name == Unknown ? FillerName(words.Names[item]) : name, slot, samples.Count, word.Length));
            samples.AddRange(word);
        }

        return new SpokenCommand(speaker, [.. samples], said);
    }

    /// <summary>What is said in a recording of no class of its own: <c>_unknown_/bird_0c40e715_nohash_0.flac</c> is "bird".</summary>
    private static string FillerName(string name)
    {
        string own = name[(name.LastIndexOf('/') + 1)..];
        int end = own.IndexOf('_', StringComparison.Ordinal);
        return end > 0 ? own[..end] : Unknown;
    }

    /// <param name="Name">Who.</param>
    /// <param name="Slots">Of each slot the recordings of each word.</param>
    /// <param name="Fillers">Recordings of other words.</param>
    private sealed record Voice(string Name, IGrouping<int, int>[][] Slots, int[] Fillers);
}
