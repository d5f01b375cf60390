using Tacit.Data;
using Tacit.Data.Loading;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Evaluation.Report;

/// <summary>Where an encoder puts the samples: in two dimensions, and which are near each other.</summary>
internal static class EmbeddingSection
{
    private const int Nearest = 8, Queries = 8, Least = 3;

    /// <exception cref="TacitException">The encoder does not take such data, or too few of the samples can be read.</exception>
    public static EmbeddingModel Of(Encoder encoder, DataSource source, Action<string, int, int>? progress, CancellationToken stop)
    {
        using Dataset samples = source.Only(source.Items, (encoder.Input as SoundInput)?.Rate);
        Features features = encoder.Extract(samples, (done, of) => progress?.Invoke($"{encoder.Name}: looking at samples", done, of), stop);
        int count = features.Items.Length;
        if (count < Least)
        {
            throw new TacitException($"{count} of the {samples.Word} in '{source.Data.Path}' can be used, and a picture of where they lie needs at least {Least}.");
        }

        int[] shown = Places(samples, features.Items, source);
        var pca = Pca.Of(features.Values);
        Tensor tsne = TSne.Project(
            features.Values, new TSneOptions { Spherical = true }, source.Seed, (done, of) => progress?.Invoke($"{encoder.Name}: t-SNE", done, of), stop);
        NearestNeighbours near = NearestNeighbours.Find(features.Values, features.Values, Math.Min(Nearest + 1, count));
        return new EmbeddingModel(
            shown,
            [
                Projection("PCA", pca.Scores, $"The two directions of greatest variance, which hold {100 * pca.Shares[0]:0.0} % and {100 * pca.Shares[1]:0.0} % of it."),
                Projection("t-SNE", tsne, $"Neighbours by cosine stay neighbours{Trust(features.Values, tsne)}; distances between far groups mean nothing."),
            ],
            [.. Enumerable.Range(0, count).Select(i => Others(near, i).Select(n => n.Row).ToArray())],
            [.. Enumerable.Range(0, count).Select(i => Others(near, i).Select(n => Math.Round(n.Similarity, 3)).ToArray())],
            [.. source.Few(Queries).Select(item => Array.IndexOf(shown, Array.BinarySearch(source.Items, item))).Where(place => place >= 0)],
            $"{count:N0} of {source.Data.Count:N0} {source.Data.Word}, drawn by the seed; the layer is {encoder.Layer}, {encoder.Dim:N0} numbers each.");
    }

    /// <summary>The numbers of the samples that were embedded: recordings whose length cannot be read stay out of the smaller set.</summary>
    private static int[] Places(Dataset samples, int[] embedded, DataSource source)
    {
        if (samples.Count == source.Items.Length)
        {
            return embedded;
        }

        var places = Enumerable.Range(0, source.Items.Length).ToLookup(i => source.Data.Names[source.Items[i]], StringComparer.Ordinal);
        return Array.ConvertAll(embedded, i => places[samples.Names[i]].First());
    }

    private static IEnumerable<(int Row, double Similarity)> Others(NearestNeighbours near, int row) => Enumerable.Range(row * near.K, near.K)
        .Where(at => near.Rows[at] != row)
        .Take(Nearest)
        .Select(at => (near.Rows[at], Finite(near.Similarities[at])));

    private static ProjectionModel Projection(string name, Tensor points, string note)
    {
        int count = points.Shape[0];
        double[] x = [.. Enumerable.Range(0, count).Select(i => (double)points[i, 0])], y = [.. Enumerable.Range(0, count).Select(i => (double)points[i, 1])];

        // Both axes by one scale, so that distances keep their proportions.
        double half = Math.Max(1e-12, Math.Max(x.Max() - x.Min(), y.Max() - y.Min()) / 2);
        return new ProjectionModel(name, Scaled(x, half), Scaled(y, half), note);
    }

    private static double[] Scaled(double[] axis, double half)
    {
        double middle = (axis.Max() + axis.Min()) / 2;
        return Array.ConvertAll(axis, v => Math.Round((v - middle) / half, 4));
    }

    private static string Trust(Tensor features, Tensor projection)
    {
        const int K = 12;
        return features.Shape[0] > 2 * K ? $" (trustworthiness {Trustworthiness.Of(features, projection, K):0.00} of 1)" : "";
    }

    private static double Finite(float value) => float.IsFinite(value) ? value : 0;
}
