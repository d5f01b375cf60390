namespace Tacit.Nn;

/// <summary>Where k-means begins.</summary>
public enum KMeansStart
{
    /// <summary>Rows far from each other: each next centroid is a row drawn with probability proportional to its squared distance.</summary>
    /// <remarks>Arthur and Vassilvitskii 2007, "k-means++". As many passes over the rows as there are clusters.</remarks>
    PlusPlus,

    /// <summary>Different rows drawn at random: for thousands of clusters.</summary>
    Sampled,
}

/// <summary>What <see cref="KMeans.Fit(Tacit.Tensors.Tensor, KMeansOptions, ulong, long)"/> is told.</summary>
/// <param name="Clusters">How many, at most as many as there are rows.</param>
public sealed record KMeansOptions(int Clusters)
{
    /// <summary>Cosine instead of Euclidean: rows and centroids are brought to unit length.</summary>
    public bool Spherical { get; init; }

    public KMeansStart Start { get; init; } = KMeansStart.PlusPlus;

    /// <summary>At most this many moves of the centroids.</summary>
    public int Iterations { get; init; } = 100;

    /// <summary>Ends when a move lowers the inertia by no more than this share of it.</summary>
    public double Tolerance { get; init; } = 1e-4;
}
