using System.Diagnostics;
using System.Text;
using Spectre.Console;
using Tacit.Data;
using Tacit.Data.Loading;
using Tacit.Data.Text;
using Tacit.Evaluation;
using Tacit.Methods;
using Tacit.Models;
using Tacit.Tensors;
using Tacit.Training;
using Encoder = Tacit.Evaluation.Encoder;
using Text = Spectre.Console.Text;

namespace Tacit.Cli.Commands;

/// <summary>
/// <c>tacit demo text</c>: the whole story on a piece of Shakespeare that comes with Tacit. A small BERT fills blanks, a small GPT goes on with
/// the text, and frozen features tell whether a noun or a verb is missing; each beside what has learned nothing.
/// </summary>
internal sealed class TextDemo(Screen screen, CancellationToken stop)
{
    private const string Task = "shakespeare", KindTask = "noun-or-verb", BlanksTask = "blanks", NextTask = "next-token";
    private const int Labels = 50, ShownBlanks = 5, Guesses = 3;

    private readonly string folder = Path.Combine(AppContext.BaseDirectory, "DemoData", "text");

    /// <summary>Trains, shows and judges.</summary>
    /// <param name="directory">Where the two runs go.</param>
    public int Run(string directory)
    {
        long began = Stopwatch.GetTimestamp();
        DemoPlay play = DemoPlay.Read(Path.Combine(folder, "shakespeare.txt"));
        screen.Paragraph(
            $"Here are {play.Train.Length / 1000:N0} KB of Shakespeare; every tenth scene is put aside. One small network (BERT) learns to tell words that are hidden from it " +
            "from those on both sides, another (GPT) to tell what comes next. Nobody says what any word means.");
        screen.Line();
        using var data = TextDataset.Of(Task, [play.Train]);
        string bertRun = Train("bert", data, directory), gptRun = Train("gpt", data, directory);
        var (bert, gpt) = (SavedMethod.Open(bertRun), SavedMethod.Open(gptRun));
        BytePairTokenizer tokenizer = ((TextInput)bert.Input).Tokenizer;
        int[] train = tokenizer.Encode(play.Train), held = tokenizer.Encode(play.HeldOut);

        List<EvaluationResult> results = [.. Blanks((Bert)bert.Method, play, tokenizer, train), .. Next((Gpt)gpt.Method, tokenizer, train, held, play.HeldOut)];
        Continue((Gpt)gpt.Method, tokenizer);
        results.AddRange(Kinds([bert.Method, gpt.Method], play, tokenizer));
        screen.Result(new EvaluationReport(results), ResultJson.Default.EvaluationReport);
        screen.Paragraph($"That took {Durations.Clock(Stopwatch.GetElapsedTime(began).TotalSeconds)}. With texts of your own: tacit pretrain bert --data FILE.txt");
        return ExitCode.Done;
    }

    private string Train(string method, TextDataset data, string directory)
    {
        string run = Path.Combine(directory, method);
        RunConfig config = ConfigBinder.Bind(method, Path.Combine(folder, $"{method}.yaml"), [], data);
        RunResult result = Trainer.Run(config, data, run, resume: new RunDirectory(run).HasRun, new TrainingScreen(screen), stop);
        screen.Line();
        return result.Interrupted ? throw new OperationCanceledException(stop) : run;
    }

    /// <summary>The same method with its starting values.</summary>
    private static Method Untrained(Method trained)
    {
        string name = trained is Bert ? "bert" : "gpt";
        MethodEntry entry = MethodCatalog.Get(name);
        Method method = entry.Create(BackboneFactory.Build(trained.Backbone.Options), entry.Defaults);
        method.Initialize(0);
        return method;
    }

    /// <summary>Hides words of the scenes put aside, one at a time: shows a few, and judges by all.</summary>
    private EvaluationResult[] Blanks(Bert bert, DemoPlay play, BytePairTokenizer tokenizer, int[] train)
    {
        IReadOnlyList<Blank> blanks = DemoPlay.Blanks(play.HeldOut, tokenizer, ((TokenTransformer)bert.Backbone).Length);
        int[][] texts = [.. blanks.Select(b => b.Tokens)];
        int[] places = [.. blanks.Select(b => b.Place)];
        float[][] ours = TextScores.FillIn(bert, texts, places), untrained = TextScores.FillIn((Bert)Untrained(bert), texts, places);

        // It is known that a word is missing: nobody guesses line ends or parts of words.
        bool[] isWord = [.. Enumerable.Range(0, tokenizer.Vocabulary).Select(t => DemoPlay.IsWord(tokenizer.Text([t])))];
        foreach (float[] p in ours.Concat(untrained))
        {
            Restrict(p, isWord);
        }

        float[] frequency = [.. TextScores.Frequencies(train, tokenizer.Vocabulary).Select(p => (float)p)];
        Restrict(frequency, isWord);
        string Told(float[] p) => string.Join(" · ", Likeliest(p, Guesses).Select(t => $"{Shown(tokenizer, t)} {100 * p[t]:0} %"));

        screen.Line("Words hidden in lines that BERT never saw, and its three best guesses:");
        screen.Line();
        int[] shown = [.. Shown(blanks, frequency)];
        foreach (int i in shown)
        {
            screen.Line($"  {blanks[i].Line}");
            screen.Line($"      BERT: {Told(ours[i])}   (it was: {Shown(tokenizer, blanks[i].Token)})");
            screen.Line($"      untrained: {Told(untrained[i])}");
            screen.Line();
        }

        screen.Line($"  By frequency alone, whatever the line: {Told(frequency)}");
        screen.Line();
        EvaluationResult[] rows =
        [
            Row("frequency", blanks.Select(_ => frequency)), Row($"{Encoder.RandomPrefix}{BackboneFactory.TokenTransformer}", untrained), Row("bert", ours),
        ];
        Show($"Of {blanks.Count:N0} hidden words, told at the first guess", "told", rows, EvaluationTable.Cell);
        return rows;

        EvaluationResult Row(string name, IEnumerable<float[]> p)
        {
            double[] right = [.. p.Zip(blanks, (row, blank) => Likeliest(row, 1)[0] == blank.Token ? 1.0 : 0.0)];
            (double low, double high) = Bootstrap.Interval(right);
            return new EvaluationResult(name, BlanksTask, "fill-in", "accuracy", right.Average(), low, high, right.Length);
        }
    }

    /// <summary>Some blanks, evenly spread, none of them of the very commonest words: they are not chosen by what was guessed.</summary>
    private static IEnumerable<int> Shown(IReadOnlyList<Blank> blanks, float[] frequency)
    {
        HashSet<int> common = [.. Likeliest(frequency, 40)];
        int[] fit = [.. Enumerable.Range(0, blanks.Count).Where(i => blanks[i].Line.Length is >= 24 and <= 64 && !common.Contains(blanks[i].Token))];
        return Enumerable.Range(0, Math.Min(ShownBlanks, fit.Length)).Select(i => fit[(int)((i + 0.5) * fit.Length / ShownBlanks)]);
    }

    private List<EvaluationResult> Next(Gpt gpt, BytePairTokenizer tokenizer, int[] train, int[] held, string text)
    {
        double[] p = TextScores.Frequencies(train, tokenizer.Vocabulary);
        double gzip = TextScores.Gzip(Encoding.UTF8.GetBytes(text));
        List<EvaluationResult> rows =
        [
            Row("frequency", [.. held.Chunk(64).Select(piece => (piece.Sum(t => -Math.Log2(p[t])), piece.Sum(t => tokenizer.TokenBytes[t])))]),
            Row($"{Encoder.RandomPrefix}{BackboneFactory.TokenTransformer}", TextScores.NextToken((Gpt)Untrained(gpt), held, tokenizer)),
            new("gzip", NextTask, "compression", "bits-per-byte", gzip, gzip, gzip, 1),
            Row("gpt", TextScores.NextToken(gpt, held, tokenizer)),
        ];
        Show($"Bits a byte of the {text.Length / 1000:N0} KB put aside: less is better told", "bits a byte", rows, r => r.Low == r.High ? $"{r.Value:0.00}" : $"{r.Value:0.00} ({r.Low:0.00} – {r.High:0.00})");
        return rows;

        static EvaluationResult Row(string name, (double Bits, int Bytes)[] pieces)
        {
            // Bits of each piece over the bytes of a usual one: their mean is all bits over all bytes.
            double usual = pieces.Average(x => x.Bytes);
            double[] each = [.. pieces.Select(x => x.Bits / usual)];
            (double low, double high) = Bootstrap.Interval(each);
            return new EvaluationResult(name, NextTask, "next-token", "bits-per-byte", each.Average(), low, high, each.Length);
        }
    }

    private void Continue(Gpt gpt, BytePairTokenizer tokenizer)
    {
        const string Prompt = "KING RICHARD II:\n";
        int[] drawn = ((TokenTransformer)gpt.Backbone).Sample(tokenizer.Encode(Prompt), 90, seed: 1, temperature: 0.8f, topK: 40);
        screen.Line("GPT goes on with a name, token after token:");
        screen.Line();
        foreach (string line in (Prompt + tokenizer.Text(drawn)).Split('\n'))
        {
            screen.Line($"  {line}");
        }

        screen.Line();
    }

    /// <summary>Is a noun or a verb missing? Told from the frozen state at the gap, for words that no label was given for.</summary>
    private List<EvaluationResult> Kinds(Method[] methods, DemoPlay play, BytePairTokenizer tokenizer)
    {
        int length = methods.Min(m => ((TokenTransformer)m.Backbone).Length);
        (List<(Blank Blank, int Kind)> known, List<(Blank Blank, int Kind)> asked) = play.Kinds(tokenizer, length);
        known = [.. LabelBudget.Count(Labels).Choose([.. known.Select(k => k.Kind)], DemoPlay.KindNames, 0).Select(i => known[i])];
        var rows = new List<EvaluationRow>();
        Add(Encoder.RawName, blanks => TextScores.BagOfTokens([.. blanks.Select(b => b.Tokens.Where((_, place) => place != b.Place).ToArray())], tokenizer.Vocabulary));
        Add($"{Encoder.RandomPrefix}{BackboneFactory.TokenTransformer}", blanks => States(Untrained(methods[0]), blanks));
        foreach (Method method in methods)
        {
            Add(method is Bert ? "bert" : "gpt", blanks => States(method, blanks));
        }

        screen.Paragraph(
            $"Is a noun or a verb missing? Told of {asked.Count:N0} gaps in lines put aside, learned from {Labels} of each kind that were other words " +
            "(raw: which tokens are around; the others: the frozen state at the gap):");
        screen.Render(EvaluationTable.Of(rows));
        EvaluationRow ours = rows.Last(r => r.Result.Encoder == "bert"), raw = rows.Last(r => r.Result.Encoder == Encoder.RawName);
        (double low, double high) = Bootstrap.Difference(ours.Correct, raw.Correct);
        screen.Paragraph(low > 0
            ? $"So it learned what nobody told it, kinds of words: by the linear probe {100 * low:0.0} to {100 * high:0.0} points better than the words around do by themselves."
            : "So this run did not clearly beat its baselines; a longer one should.");
        return [.. rows.Select(r => r.Result)];

        static Tensor States(Method method, Blank[] blanks) =>
            TextScores.StatesAt((TokenTransformer)method.Backbone, [.. blanks.Select(b => b.Tokens)], [.. blanks.Select(b => b.Place)]);

        void Add(string name, Func<Blank[], Tensor> features)
        {
            var train = new FeatureTable(features([.. known.Select(k => k.Blank)]), [.. known.Select(k => k.Kind)], DemoPlay.KindNames);
            var test = new FeatureTable(features([.. asked.Select(k => k.Blank)]), [.. asked.Select(k => k.Kind)], DemoPlay.KindNames);
            foreach (Protocol protocol in EvalCommand.Protocols(null, null, 0))
            {
                double[] right = [.. protocol.Predict(train, test).Zip(test.Labels, (p, y) => p == y ? 1.0 : 0.0)];
                (double low, double high) = Bootstrap.Interval(right);
                rows.Add(new EvaluationRow(new EvaluationResult(name, KindTask, protocol.Name, "accuracy", right.Average(), low, high, right.Length), right, protocol.Detail));
            }
        }
    }

    private void Show(string title, string column, IReadOnlyList<EvaluationResult> rows, Func<EvaluationResult, string> cell)
    {
        screen.Line($"{title}:");
        var table = new Table().Border(TableBorder.Simple).AddColumn("by").AddColumn(new TableColumn($"{column} (95 % interval)").RightAligned());
        foreach (EvaluationResult row in rows)
        {
            table.AddRow(new Text(row.Encoder), new Text(cell(row)));
        }

        screen.Render(table);
    }

    /// <summary>The same probabilities among some tokens alone.</summary>
    private static void Restrict(float[] p, bool[] allowed)
    {
        double sum = p.Where((_, t) => allowed[t]).Sum(x => (double)x);
        for (int t = 0; t < p.Length; t++)
        {
            p[t] = allowed[t] ? (float)(p[t] / sum) : 0;
        }
    }

    private static int[] Likeliest(float[] p, int count) => [.. Enumerable.Range(0, p.Length).OrderByDescending(t => p[t]).ThenBy(t => t).Take(count)];

    /// <summary>A token as it can be read in one line.</summary>
    private static string Shown(BytePairTokenizer tokenizer, int token)
    {
        string text = tokenizer.Text([token]).Trim(' ').Replace("\n", "⏎", StringComparison.Ordinal);
        return text.Length == 0 ? "␣" : text;
    }
}
