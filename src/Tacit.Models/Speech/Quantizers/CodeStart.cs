using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Models;

/// <summary>Where the entries of code books may begin: as k-means centroids of what they are to stand for.</summary>
/// <param name="Entries">[B, V, D/G], B books.</param>
/// <param name="Variance">Mean square of a number from its centroid's, over all books; above 0.</param>
internal sealed record CodeStart(Tensor Entries, float Variance)
{
    private const int Iterations = 20;
    private const float LeastVariance = 1e-6f;

    /// <summary>Centroids of the groups of rows; null where there are fewer rows than entries.</summary>
    /// <param name="rows">[N, D]</param>
    /// <param name="groups">G, which divides D.</param>
    /// <param name="books">G, or 1 for one book that all groups choose from.</param>
    /// <param name="entries">V</param>
    /// <param name="seed">Of the centroids' own start.</param>
    public static CodeStart? Of(Tensor rows, int groups, int books, int entries, ulong seed)
    {
        int width = rows.Shape[1] / groups, each = rows.Shape[0] * groups / books;
        if (each < entries)
        {
            return null;
        }

        Tensor centroids = Tensor.Empty(new Shape(books, entries, width));
        double inertia = 0;
        for (int book = 0; book < books; book++)
        {
            Tensor seen = (books == 1 ? rows : Ops.Slice(rows, 1, book * width, width)).Reshape(each, width);
            var found = KMeans.Fit(seen, new KMeansOptions(entries) { Iterations = Iterations }, seed, book);
            found.Centroids.Span.CopyTo(centroids.Span[(book * entries * width)..]);
            inertia += found.Inertia;
        }

        return new CodeStart(centroids, Math.Max(LeastVariance, (float)(inertia / ((double)books * each * width))));
    }
}
