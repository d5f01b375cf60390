using Tacit.Data;
using Tacit.Data.Loading;
using Tacit.Evaluation.Scores;
using Tacit.Methods;
using Tacit.Tensors;

namespace Tacit.Evaluation;

/// <summary>
/// Letters or phones of whole recordings by CTC, learned from transcripts: the encoder fine-tuned, the same network from scratch on the same
/// recordings in the same number of steps, and the head alone on frozen states. Read greedily, without a language model.
/// </summary>
/// <remarks>Graves et al. 2006; wav2vec 2.0's fine-tuning (Baevski et al. 2020, arXiv:2006.11477, section 4.3) in small.</remarks>
public sealed class CtcTask
{
    /// <summary>What a budget of labels calls all that it chooses from.</summary>
    private static readonly string[] OneClass = ["recordings with a transcript"];

    private readonly CtcUnits units;
    private readonly CtcItems learned, judged;
    private readonly string task;
    private readonly FineTuneOptions options;

    /// <param name="data">Recordings with transcripts to learn from.</param>
    /// <param name="test">Recordings with transcripts to judge on; null for a fifth of the others, whole speakers.</param>
    /// <param name="units"><c>letters</c> or <c>phones</c>.</param>
    /// <param name="lexicon">A pronouncing dictionary, for phones.</param>
    /// <param name="options">How networks learn.</param>
    /// <param name="seed">Of everything that is drawn.</param>
    /// <param name="say">Told what is left out, and why.</param>
    /// <exception cref="TacitException">No transcripts that can be used.</exception>
    public CtcTask(Dataset data, Dataset? test, string units, string? lexicon, FineTuneOptions options, ulong seed, Action<string>? say = null)
    {
        this.units = CtcUnits.Of(units, lexicon);
        (this.options, Seed, Say) = (options, seed, say);
        task = Evaluator.Name((test ?? data).Path);
        var all = CtcItems.Of(data, this.units, say);
        (learned, judged) = test is null ? all.Part(seed) : (all, CtcItems.Of(test, this.units, say));
    }

    /// <summary>The defaults of <see cref="FineTuneOptions"/> where whole utterances are learned from: fewer a step, and a head that is as quick as the rest.</summary>
    public static FineTuneOptions Defaults { get; } = new() { BatchSize = 8, Lr = 1e-3, ScratchLr = 1e-3, HeadRate = 3 };

    /// <summary>How many labels may be used: a share of the recordings, or so many.</summary>
    public LabelBudget Budget { get; init; } = LabelBudget.All;

    /// <summary>How often they are chosen anew.</summary>
    public int Draws { get; init; } = 1;

    /// <summary>Told what is being done and how far it is.</summary>
    public Action<string, int, int>? Progress { get; init; }

    /// <summary>Ends between two steps.</summary>
    public CancellationToken Stop { get; init; }

    /// <summary>What was read of the first test recordings by the network that learned last, beside what is said.</summary>
    public IReadOnlyList<(string Said, string Read)> Samples { get; private set; } = [];

    private ulong Seed { get; }

    private Action<string>? Say { get; }

    /// <summary>The rows of an encoder, scratch or untrained first, two a network for letters (<c>wer</c>, <c>cer</c>), one for phones (<c>per</c>).</summary>
    /// <param name="encoder">Whose worth is asked.</param>
    /// <param name="finetune">Whether the encoder learns as well, beside the head on frozen states.</param>
    /// <param name="saved">Given the encoder that learned last, and its head: that of the last draw.</param>
    /// <exception cref="ConfigurationException">The encoder has no states over time.</exception>
    public IReadOnlyList<ErrorRow> Run(Encoder encoder, bool finetune, Action<CtcResult>? saved = null)
    {
        if (encoder.Layer == Encoder.Weighted)
        {
            throw new ConfigurationException("--features weighted: --task ctc reads one layer; choose it.");
        }

        Encoder untrained = encoder.Untrained();
        _ = new CtcNetwork(encoder.Network(), encoder.Layer, 2, options, 0);        // refuses before anything is learned
        string scratch = FineTuneRows.ScratchPrefix + untrained.Name[Encoder.RandomPrefix.Length..];
        var rows = new List<ErrorRow>(finetune ? Rows(untrained, scratch, FineTune.Word, options.FromScratch, encoder.IsTrained ? null : saved) : Rows(untrained, untrained.Name, "linear", Frozen, saved));
        if (encoder.IsTrained)
        {
            rows.AddRange(Rows(encoder, encoder.Name, "linear", Frozen, finetune ? null : saved));
            rows.AddRange(finetune ? Rows(encoder, encoder.Name, FineTune.Word, options, saved) : []);
        }

        return rows;
    }

    private FineTuneOptions Frozen => options with { HeadWarmup = 1 };

    private List<ErrorRow> Rows(Encoder encoder, string name, string protocol, FineTuneOptions how, Action<CtcResult>? saved)
    {
        var draws = new List<int[]?[]>();
        string detail = "";
        for (int draw = 0; draw < Draws; draw++)
        {
            ulong own = draw == 0 ? Seed : Philox.Mix(Seed, (ulong)draw);
            CtcItems chosen = Budget == LabelBudget.All ? learned : learned.Select(Budget.Choose(new int[learned.Count], OneClass, own));
            var network = new CtcNetwork(encoder.Network(), encoder.Layer, units.Names.Count, how, own);
            detail = Learn(network, encoder, chosen, own, name);
            draws.Add(network.Read(judged, encoder.Input, (done, of) => Progress?.Invoke($"{name}: reading", done, of), Stop));
            if (draw == Draws - 1)
            {
                saved?.Invoke(new CtcResult(network, encoder.Input, units.Names));
            }
        }

        // What cannot be decoded is left out of all draws alike: it is the file that is broken.
        int[] read = [.. Enumerable.Range(0, judged.Count).Where(i => draws[0][i] is not null)];
        Samples = [.. read.Take(3).Select(i => (Spell(judged.Targets[i]), Spell(draws[^1][i]!)))];
        ErrorRow Row(string metric, Func<int[], int[], ErrorRate> errors) => ErrorRow.Of(
            name, task, protocol, metric, [.. draws.Select(draw => read.Select(i => errors(judged.Targets[i], draw[i]!)).ToArray())], detail, Seed);
        return units is LetterUnits
            ? [Row("wer", (said, heard) => ErrorRate.OfWords(Spell(said), Spell(heard))), Row("cer", (said, heard) => ErrorRate.OfCharacters(Spell(said), Spell(heard)))]
            : [Row("per", (said, heard) => ErrorRate.Of<int>(said, heard))];
    }

    private string Learn(CtcNetwork network, Encoder encoder, CtcItems chosen, ulong seed, string name)
    {
        var input = (SoundInput)encoder.Input;
        SoundDataset sounds = chosen.Sounds.At(input.Rate);
        CtcItems items = chosen.Fitting(item => network.Sequences.States(InputLength(sounds, input, item)), Say);
        var batches = ChosenBatches.Of(sounds, new SoundLoaderOptions { Input = input, Augmentation = options.Sounds(input.Form != SoundForm.Wave) }, seed);
        Dictionary<int, int[]> target = items.Items.Zip(items.Targets).ToDictionary(p => p.First, p => p.Second);
        Func<Tensor> Step(int[] places, long step)
        {
            Batch batch = batches.Of([.. places.Select(place => items.Items[place])], step);
            int[][] wanted = [.. batch.Items.Select(item => target[item])];
            return () => network.Loss(batch, wanted);
        }

        return network.Learners.Learn(items.Count, seed, Step, (done, of) => Progress?.Invoke($"{name}: steps with {items.Count:N0} transcripts", done, of), Stop);
    }

    /// <summary>How long an item is along the input's axis of time.</summary>
    private static int InputLength(SoundDataset sounds, SoundInput input, int item)
    {
        const int Hop = 100, Reach = 400;       // frames of 25 ms, 100 a second, edges snipped
        int samples = sounds.Samples(item);
        return input.Form == SoundForm.Wave ? samples : Math.Max(1, 1 + ((samples - (Reach * input.Rate / 16000)) / (input.Rate / Hop)));
    }

    private string Spell(int[] symbols) => units is LetterUnits
        ? string.Concat(symbols.Select(s => units.Names[s])).Replace('|', ' ')
        : string.Join(' ', symbols.Select(s => units.Names[s]));
}
