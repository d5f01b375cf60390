using Tacit.Data;
using Tacit.Methods;
using Tacit.Nn;
using Tacit.Tensors;
using Tacit.Training;

namespace Tacit.Evaluation;

/// <summary>What is nearest to one query.</summary>
/// <param name="Query">Its row among the queries.</param>
/// <param name="Rows">Rows of what was searched, the nearest first, of equally near ones the earlier.</param>
/// <param name="Similarities">Cosines.</param>
public sealed record Found(int Query, int[] Rows, float[] Similarities);

/// <summary>A set of items, or their features from a file, and queries to be found among them by cosine.</summary>
/// <param name="Items">What is searched.</param>
/// <param name="Queries">What is searched for.</param>
/// <param name="Encoder">What made the features.</param>
/// <param name="Own">The row that is itself the query, which is not to be found; -1 where none is.</param>
/// <remarks>Exact, in blocks: nothing is held but the features themselves and the answers.</remarks>
public sealed record Search(SearchItems Items, SearchItems Queries, string Encoder, int Own) : IDisposable
{
    private const int MostAnswers = 50_000_000;

    /// <summary>Whether one thing was asked for, and not a folder.</summary>
    public bool IsSingle => Own >= 0 || (Queries.Count == 1 && !Directory.Exists(Queries.Data!.Path));

    /// <summary>A sentence where a file of features and the queries were made by encoders of different names; null where not.</summary>
    public string? Difference { get; private init; }

    /// <summary>How many items can be found.</summary>
    public int Others => Items.Count - (Own >= 0 ? 1 : 0);

    /// <summary>Reads or computes all features, the queries' first, so that one that is no good is told at once.</summary>
    /// <param name="open">The encoder, looking at data like these.</param>
    /// <param name="path">A data set, or a <see cref="FeatureFile"/>.</param>
    /// <param name="query">A file or folder, or else the name of an item.</param>
    /// <param name="progress">Told how many items are done, of how many.</param>
    /// <param name="stop">Ends between two batches.</param>
    /// <exception cref="TacitException">There is no such query, it cannot be decoded, or it is not what the encoder takes.</exception>
    public static Search Open(Func<Dataset, Encoder> open, string path, string query, Action<int, int>? progress = null, CancellationToken stop = default)
    {
        FeatureFile? file = FeatureFile.Is(path) ? FeatureFile.Read(path) : null;
        Dataset? data = file is null ? Dataset.Open(path) : null, asked = null;
        try
        {
            if (File.Exists(query) || Directory.Exists(query))
            {
                asked = Dataset.Open(query);
                Encoder encoder = open(data ?? asked);
                SearchItems queries = SearchItems.Of(asked, encoder, stop: stop), items = file is null ? SearchItems.Of(data!, encoder, progress, stop) : SearchItems.Of(file);
                Require(queries, items, path, encoder.Name);
                return new Search(items, queries, encoder.Name, -1)
                {
                    Difference = file?.Encoder is { } made && made != encoder.Name ? $"The features in '{path}' were made by {made}, and the query's by {encoder.Name}." : null,
                };
            }

            int item = IndexOf(query, file?.Names ?? data!.Names, path);
            Encoder? own = data is null ? null : open(data);
            SearchItems all = own is null ? SearchItems.Of(file!) : SearchItems.Of(data!, own, progress, stop);
            int row = all.Numbers.ToList().IndexOf(item);
            return row < 0 ? throw new TacitException($"--query {query} cannot be decoded: {data!.Broken.First(b => b.Name == query).Reason}")
                : all.Count > 1 ? new Search(all, all.Row(row), own?.Name ?? file!.Encoder ?? Path.GetFileName(path), row)
                : throw new TacitException($"--query {query} is the only item of '{path}': there is nothing else to be found.");
        }
        catch
        {
            data?.Dispose();
            asked?.Dispose();
            throw;
        }
    }

    /// <summary>The nearest to each query.</summary>
    /// <param name="count">How many, at most <see cref="Others"/>.</param>
    /// <exception cref="TacitException">A query's features are not finite, or the answers are more than can be held.</exception>
    public IReadOnlyList<Found> Find(int count)
    {
        if (Queries.Values.Span.ContainsAnyExceptInRange(float.MinValue, float.MaxValue))
        {
            throw new TacitException($"{Encoder} gives features that are not finite for the query: its training has diverged, and nothing can be found by it.");
        }

        int k = count + (Own >= 0 ? 1 : 0);
        if ((long)Queries.Count * k > MostAnswers)
        {
            throw new TacitException($"{Queries.Count:N0} queries with {count:N0} answers each are more than {MostAnswers:N0}: ask for fewer of the nearest, or with fewer queries at a time.");
        }

        NearestNeighbours nearest = NearestSegments.Find(Queries.Values, Items.Values, k);
        return [.. Enumerable.Range(0, Queries.Count).Select(q =>
        {
            // An item whose features are not finite is similar to nothing.
            int[] at = [.. Enumerable.Range(q * k, k).Where(i => nearest.Rows[i] != Own && float.IsFinite(nearest.Similarities[i])).Take(count)];
            return new Found(q, Array.ConvertAll(at, i => nearest.Rows[i]), Array.ConvertAll(at, i => nearest.Similarities[i]));
        })];
    }

    public void Dispose()
    {
        Items.Data?.Dispose();
        Queries.Data?.Dispose();
    }

    private static int IndexOf(string query, IReadOnlyList<string> names, string path)
    {
        int item = names.ToList().IndexOf(query);
        return item >= 0 ? item
            : throw new TacitException($"--query {query}: there is no such file, and no item of that name in '{path}'.{NearestName.Suggest(query, names.Take(10_000))}");
    }

    private static void Require(SearchItems queries, SearchItems items, string path, string encoder)
    {
        if (queries.Values.Shape[1] != items.Values.Shape[1])
        {
            throw new TacitException(
                $"'{path}' has {items.Values.Shape[1]:N0} numbers an item and {encoder} gives {queries.Values.Shape[1]:N0}: name the encoder and layer that made the file.");
        }
    }
}
