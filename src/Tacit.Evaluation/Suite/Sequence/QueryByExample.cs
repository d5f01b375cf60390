using System.Globalization;
using Tacit.Data;
using Tacit.Evaluation.Scores;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Evaluation.Suite.Sequence;

/// <summary>
/// <c>qbe</c>: finds spoken words in what others say (<see cref="SpokenQueries"/>). Nothing is learned: 100 queries of speech-commands-test are laid
/// on 100 documents; which layer is used is chosen by 50 queries and 50 documents of speech-commands-train.
/// </summary>
/// <remarks>
/// SUPERB, section 3.2, as s3prl does it: states are shifted and scaled to mean 0 and deviation 1 over all queries and documents, distances are
/// <see cref="FrameDistance.CosineExponential"/>, brought to 0 … 1 for each state of the query, warping is <see cref="SubsequenceDtw"/>, and a
/// query's scores are shifted and scaled to mean 0 and deviation 1 over the documents. A query of fewer than 5 states has the score 0 everywhere.
/// MTWV with QUESST's β.
/// </remarks>
internal sealed class QueryByExample : SuiteTask
{
    private const int Asked = 100, Development = 50, ShortestQuery = 5;

    public override string Name => "qbe";

    public override string Title => "query by example";

    public override IReadOnlyList<string> Needs { get; } = ["speech-commands-train", "speech-commands-test"];

    public override bool Learns => false;

    public override SuiteOutcome Run(SuiteContext context)
    {
        ulong seed = context.Options.Seed;
        var test = Side.Of(context, context.Data.Sounds(Needs[1]), Asked, seed);
        int layers = context.Upstream.Layers.Count, best = 0;
        if (layers > 1)
        {
            var development = Side.Of(context, context.Data.Sounds(Needs[0]), Development, seed + 1);
            best = Enumerable.Range(0, layers).MaxBy(layer =>
            {
                context.Stop.ThrowIfCancellationRequested();
                return TermWeightedValue.Maximum(Search(development, layer)).Value;
            });
        }

        TermScores[] terms = Search(test, best);
        SuiteScore score = SuiteScore.Of("mtwv", terms.Length, drawn => Value(Array.ConvertAll(drawn, i => terms[i])), seed);
        return new SuiteOutcome([score], string.Create(CultureInfo.InvariantCulture, $"layer {context.Upstream.Layers[best]}"));
    }

    /// <summary>NaN where no query that was drawn occurs anywhere.</summary>
    private static double Value(TermScores[] terms) => terms.Any(t => t.Targets.Count > 0) ? TermWeightedValue.Maximum(terms).Value : double.NaN;

    private static TermScores[] Search(Side side, int layer)
    {
        Tensor[] queries = Layer(side.Queries, layer), documents = Layer(side.Documents, layer);
        Standardise([.. queries, .. documents]);
        var scores = new double[queries.Length * documents.Length];
        var body = new Searching(queries, documents, scores);
        WorkerPool.Shared.For(queries.Length, ref body);
        return [.. queries.Select((query, q) =>
        {
            double[] own = query.Shape[0] < ShortestQuery ? new double[documents.Length] : Standard(scores.AsSpan(q * documents.Length, documents.Length));
            bool[] holds = [.. side.Set.DocumentWords.Select(words => words.Contains(side.Set.QueryWords[q]))];
            return new TermScores([.. own.Where((_, d) => holds[d])], [.. own.Where((_, d) => !holds[d])]);
        })];
    }

    private static Tensor[] Layer(StateStore store, int layer) => [.. store.Items.Select(item =>
    {
        using Scope scope = Scope.NoGradient();
        Tensor all = store.Read(item), own = Tensor.Lasting(new Shape(all.Shape[1], all.Shape[2]));
        all.Rows(layer, 1).Span.CopyTo(own.Span);
        return own;
    })];

    /// <summary>Every number of a state to mean 0 and deviation 1 over all states, in place.</summary>
    private static void Standardise(Tensor[] all)
    {
        int width = all[0].Shape[1];
        double[] sum = new double[width], square = new double[width];
        long count = 0;
        foreach (Tensor states in all)
        {
            count += states.Shape[0];
            for (int i = 0; i < states.Length; i++)
            {
                double value = states.Span[i];
                sum[i % width] += value;
                square[i % width] += value * value;
            }
        }

        foreach (Tensor states in all)
        {
            Span<float> values = states.Span;
            for (int i = 0; i < values.Length; i++)
            {
                double mean = sum[i % width] / count;
                values[i] = (float)((values[i] - mean) / Math.Max(Math.Sqrt(Math.Max(0, (square[i % width] / count) - (mean * mean))), 1e-9));
            }
        }
    }

    private static double[] Standard(ReadOnlySpan<double> scores)
    {
        double[] own = scores.ToArray();
        double mean = own.Average(), deviation = Math.Sqrt(own.Average(s => (s - mean) * (s - mean)));
        return [.. own.Select(s => (s - mean) / Math.Max(deviation, 1e-9))];
    }

    /// <summary>Queries and documents with their states.</summary>
    private sealed record Side(SpokenQueries Set, StateStore Queries, StateStore Documents)
    {
        public static Side Of(SuiteContext context, SoundDataset words, int count, ulong seed)
        {
            var set = SpokenQueries.Make(words, count, count, seed);
            StateStore Of(string what, float[][] sounds) => context.States(SoundDataset.Of($"{what} from {Evaluator.Name(words.Path)}", sounds, SuiteData.Rate));
            return new Side(set, Of("queries", set.Queries), Of("documents", set.Documents));
        }
    }

    /// <summary>One query on all documents: minus the cost.</summary>
    private readonly struct Searching(Tensor[] queries, Tensor[] documents, double[] scores) : IBlockBody
    {
        public void Invoke(int block)
        {
            for (int d = 0; d < documents.Length; d++)
            {
                float[] distances = FrameDistances.Between(queries[block], documents[d], FrameDistance.CosineExponential);
                SubsequenceDtw.NormalizeRows(distances, documents[d].Shape[0]);
                scores[(block * documents.Length) + d] = -SubsequenceDtw.Find(distances, queries[block].Shape[0], documents[d].Shape[0]).Cost;
            }
        }
    }
}
