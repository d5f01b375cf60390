using Tacit.Data;
using Tacit.Tensors;

namespace Tacit.Evaluation.Suite.Sequence;

/// <summary>Recordings with what is said in them, as text and as symbols.</summary>
/// <param name="Store">Their states.</param>
/// <param name="Items">Numbers in the set.</param>
/// <param name="Texts">Of each of those what is said.</param>
/// <param name="Targets">The same as symbols, above 0, which is CTC's blank.</param>
internal sealed record Transcripts(StateStore Store, int[] Items, string[] Texts, int[][] Targets)
{
    public int Count => Items.Length;

    /// <summary>
    /// The recordings of a set whose transcripts can be written in the task's symbols. Those without a transcript, with an empty one and with
    /// one that cannot be written are left out and counted.
    /// </summary>
    /// <param name="context">States, and who is told of what is left out.</param>
    /// <param name="sounds">The set.</param>
    /// <param name="encode">A transcript's symbols, or null where it cannot be written.</param>
    /// <param name="unwritable">Why that may be: "words that are not in the lexicon".</param>
    /// <exception cref="TacitException">Nothing is left.</exception>
    public static Transcripts Of(SuiteContext context, SoundDataset sounds, Func<string, int[]?> encode, string unwritable)
    {
        string name = Evaluator.Name(sounds.Path);
        if (sounds.Texts is not { } texts)
        {
            throw new TacitException($"{name} has no transcripts: it takes a LibriSpeech tree with *.trans.txt, or a manifest with a column text.");
        }

        StateStore store = context.States(sounds);
        int[] spoken = [.. store.Items.Where(i => !string.IsNullOrWhiteSpace(texts[i]))];
        (int Item, int[]? Symbols)[] written = [.. spoken.Select(i => (i, encode(texts[i]!)))];
        (int Item, int[] Symbols)[] kept = [.. written.Where(w => w.Symbols is { Length: > 0 }).Select(w => (w.Item, w.Symbols!))];
        Tell(context, name, store.Items.Count - spoken.Length, store.Items.Count, "have no transcript, or an empty one,");
        Tell(context, name, spoken.Length - kept.Length, store.Items.Count, $"have {unwritable}");
        return kept.Length == 0
            ? throw new TacitException($"No transcript in {name} can be used: all {store.Items.Count:N0} are missing, empty or have {unwritable}.")
            : new Transcripts(store, [.. kept.Select(k => k.Item)], [.. kept.Select(k => texts[k.Item]!)], [.. kept.Select(k => k.Symbols)]);
    }

    /// <summary>Some of them.</summary>
    public Transcripts Select(IReadOnlyList<int> chosen) =>
        new(Store, [.. chosen.Select(i => Items[i])], [.. chosen.Select(i => Texts[i])], [.. chosen.Select(i => Targets[i])]);

    /// <summary>Those that can be learned from: with a state for each symbol, and one more between equal neighbours. The others are counted.</summary>
    /// <param name="context">Who is told.</param>
    /// <param name="remaining">States that a head makes of so many.</param>
    /// <exception cref="TacitException">Nothing is left.</exception>
    public Transcripts Fitting(SuiteContext context, Func<int, int> remaining)
    {
        int[] fitting = [.. Enumerable.Range(0, Count).Where(i => remaining(Store.Frames(Items[i])) >= Ops.CtcFrames(Targets[i]))];
        Tell(context, "To learn from", Count - fitting.Length, Count, "have fewer states than their transcript has symbols");
        return fitting.Length == 0
            ? throw new TacitException(
                $"None of {Count:N0} recordings has as many states as its transcript has symbols: the encoder looks at too few moments a second, or transcripts and recordings do not belong together.")
            : fitting.Length == Count ? this : Select(fitting);
    }

    private static void Tell(SuiteContext context, string name, int count, int of, string why)
    {
        if (count > 0)
        {
            context.Say?.Invoke($"{name}: {count:N0} of {of:N0} recordings {why} and are left out.");
        }
    }
}
