using Tacit.Data;
using Tacit.Tensors;

namespace Tacit.Evaluation;

/// <summary>The recordings of a set whose transcripts can be written in the units, and what became of the others.</summary>
/// <param name="Sounds">The set.</param>
/// <param name="Items">Numbers in it.</param>
/// <param name="Targets">Each one's symbols, at least one.</param>
/// <param name="Speakers">Who speaks, -1 for nobody knows; null where nothing says it.</param>
internal sealed record CtcItems(SoundDataset Sounds, int[] Items, int[][] Targets, int[]? Speakers)
{
    public int Count => Items.Length;

    /// <summary>
    /// Those that can be used. A recording without a transcript, with an empty one, or with one that cannot be written is left out; characters
    /// without a symbol are dropped; each is counted and told.
    /// </summary>
    /// <param name="data">A set with transcripts.</param>
    /// <param name="units">What they are written in.</param>
    /// <param name="say">Told one sentence for each kind of what was left out.</param>
    /// <exception cref="TacitException">No recordings, no transcripts, or none that can be used.</exception>
    public static CtcItems Of(Dataset data, CtcUnits units, Action<string>? say = null)
    {
        string name = Evaluator.Name(data.Path);
        if (data is not SoundDataset { Texts: { } texts } sounds)
        {
            throw new TacitException($"'{data.Path}' has no transcripts: --task ctc takes a LibriSpeech tree with *.trans.txt, or a manifest with a column text.");
        }

        (int silent, int unwritable, long dropped, int altered) = (0, 0, 0, 0);
        var kept = new List<(int Item, int[] Target)>();
        for (int item = 0; item < sounds.Count; item++)
        {
            if (string.IsNullOrWhiteSpace(texts[item]))
            {
                silent++;
            }
            else if (units.Encode(texts[item]!, out int strange) is { } target)
            {
                kept.Add((item, target));
                dropped += strange;
                altered += strange > 0 ? 1 : 0;
            }
            else
            {
                unwritable++;
            }
        }

        Tell(silent, $"{name}: {silent:N0} of {sounds.Count:N0} recordings have no transcript, or an empty one, and are left out.");
        Tell(unwritable, $"{name}: {unwritable:N0} of {sounds.Count:N0} recordings have {units.Unwritable} in their transcript and are left out.");
        Tell(altered, $"{name}: {dropped:N0} characters outside the alphabet were dropped from {altered:N0} transcripts.");
        return kept.Count == 0
            ? throw new TacitException($"No transcript in {name} can be used: of {sounds.Count:N0} recordings {silent:N0} have none and {unwritable:N0} have {units.Unwritable}.")
            : new CtcItems(sounds, [.. kept.Select(k => k.Item)], [.. kept.Select(k => k.Target)], sounds.Speakers is { } who ? [.. kept.Select(k => who[k.Item])] : null);

        void Tell(long count, string sentence)
        {
            if (count > 0)
            {
                say?.Invoke(sentence);
            }
        }
    }

    /// <summary>Some of them.</summary>
    public CtcItems Select(IReadOnlyList<int> chosen) =>
        new(Sounds, [.. chosen.Select(i => Items[i])], [.. chosen.Select(i => Targets[i])], Speakers is { } who ? [.. chosen.Select(i => who[i])] : null);

    /// <summary>Those with a state for each symbol and one more between equal neighbours: the others cannot be learned from.</summary>
    /// <param name="states">How many states an item of the set gives.</param>
    /// <param name="say">Told how many are left out.</param>
    /// <exception cref="TacitException">None is left.</exception>
    public CtcItems Fitting(Func<int, int> states, Action<string>? say = null)
    {
        int[] fitting = [.. Enumerable.Range(0, Count).Where(i => states(Items[i]) >= Ops.CtcFrames(Targets[i]))];
        if (fitting.Length < Count)
        {
            say?.Invoke($"{Evaluator.Name(Sounds.Path)}: {Count - fitting.Length:N0} of {Count:N0} recordings have fewer states than their transcript has symbols and are not learned from.");
        }

        return fitting.Length == 0
            ? throw new TacitException($"None of the {Count:N0} recordings in {Evaluator.Name(Sounds.Path)} has as many states as its transcript has symbols: the encoder looks at too few moments a second, or transcripts and recordings do not belong together.")
            : Select(fitting);
    }

    /// <summary>What is learned from and what is judged on where there is no test set: a fifth, whole speakers.</summary>
    /// <exception cref="TacitException">All is one speaker's.</exception>
    public (CtcItems Learned, CtcItems Judged) Part(ulong seed)
    {
        int[] fold = Folds.Grouped(Speakers ?? [.. Enumerable.Repeat(-1, Count)], Folds.Usual, seed);
        return (Select(Folds.Items(fold, 0, false)), Select(Folds.Items(fold, 0, true)));
    }
}
