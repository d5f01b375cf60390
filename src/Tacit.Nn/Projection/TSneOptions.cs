namespace Tacit.Nn;

/// <summary>What <see cref="TSne"/> is told.</summary>
/// <remarks>
/// Perplexity, exaggeration, gains and momentum of van der Maaten and Hinton 2008; the step of N / exaggeration / 4 is Belkina et al.
/// 2019's, the start by principal components Kobak and Berens' 2019.
/// </remarks>
public sealed record TSneOptions
{
    /// <summary>How many neighbours count for each point, smoothly; at most a third of the other points are used.</summary>
    public double Perplexity { get; init; } = 30;

    /// <summary>Moves of all points.</summary>
    public int Iterations { get; init; } = 1000;

    /// <summary>How many of them attract more strongly, so that clusters find each other.</summary>
    public int EarlyIterations { get; init; } = 250;

    /// <summary>By how much attraction is raised in these.</summary>
    public double Exaggeration { get; init; } = 12;

    /// <summary>Cosine instead of Euclidean: rows are brought to unit length.</summary>
    public bool Spherical { get; init; }
}
