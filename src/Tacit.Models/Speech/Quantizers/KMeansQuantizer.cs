using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Models;

/// <summary>What a <see cref="KMeansQuantizer"/> made of frames.</summary>
/// <param name="Values">[N, T, D]: the nearest entries, with the projected frames' gradient; 0 in padding.</param>
/// <param name="Codes">N · T · G numbers below V, those of a frame together; what padding has holds no meaning.</param>
/// <param name="Loss">Mean square of entries from frames held still, plus γ times that of frames from entries held still.</param>
/// <param name="HardPerplexity">Entries in use.</param>
public sealed record KMeansQuantized(Tensor Values, int[] Codes, Tensor Loss, double HardPerplexity);

/// <summary>
/// The k-means quantiser of vq-wav2vec: frames are projected and normalised group by group, and each group takes the entry
/// nearest to it, which in turn is drawn towards the frame.
/// </summary>
/// <remarks>
/// Baevski et al. 2019, arXiv:1910.05453, section 3.1.2, eq. 4, after van den Oord et al. 2017, arXiv:1711.00937; names as published
/// (<c>embedding</c> [V, G, D/G], <c>projection.0</c>, <c>projection.1</c>). Entries begin N(0, 0.01).
/// </remarks>
public sealed class KMeansQuantizer : Module
{
    private readonly Tensor embedding;
    private readonly Conv1d map;
    private readonly GroupNorm norm;
    private readonly int groups;
    private readonly float gamma;

    /// <param name="dim">D, a multiple of the groups.</param>
    /// <param name="groups">G</param>
    /// <param name="entries">V</param>
    /// <param name="combined">Whether all groups choose from one book.</param>
    /// <param name="gamma">γ, how much frames are drawn to their entries.</param>
    /// <exception cref="TacitException">Sizes that cannot be.</exception>
    public KMeansQuantizer(int dim, int groups = 2, int entries = 320, bool combined = false, float gamma = 0.25f)
    {
        if (groups < 1 || entries < 1 || dim < 1 || dim % groups != 0)
        {
            throw new TacitException(
                $"A quantiser of {groups} groups of {entries} entries for {dim} numbers cannot be built: all are positive, and the groups divide the numbers.");
        }

        (this.groups, this.gamma, Entries) = (groups, gamma, entries);
        embedding = AddParameter("embedding", new Shape(entries, combined ? 1 : groups, dim / groups), Initializers.Normal(0.01f));
        Projection projection = Add("projection", new Projection(dim, groups));
        (map, norm) = (projection.Map, projection.Norm);
    }

    /// <summary>V</summary>
    public int Entries { get; }

    /// <param name="x">[N, T, D]</param>
    /// <param name="lengths">Frames of each item that are real; null where all are.</param>
    public KMeansQuantized Forward(Tensor x, int[]? lengths = null)
    {
        int items = x.Shape[0], frames = x.Shape[1], dim = x.Shape[2], rows = items * frames, width = dim / groups;
        int books = embedding.Shape[1];
        Tensor projected = Project(x, lengths);
        int[] codes = Nearest(projected.Detach().Reshape(rows, groups, width));
        int[] places = [.. codes.Select((code, i) => (code * books) + (books == 1 ? 0 : i % groups))];
        Tensor entries = Ops.Gather(embedding.Reshape(Entries * books, width), places).Reshape(rows, dim);

        int[] real = [.. Enumerable.Range(0, rows).Where(row => lengths is null || row % frames < lengths[row / frames])];
        Tensor seen = Pick(projected.Reshape(rows, dim), real), chosen = Pick(entries, real);
        Tensor latent = Ops.Mean(Ops.Square(Ops.Subtract(chosen, seen.Detach())));
        Tensor commitment = Ops.Mean(Ops.Square(Ops.Subtract(seen, chosen.Detach())));
        Tensor values = CodeChoice.StraightThrough(entries.Reshape(items, frames, dim), projected);
        int[] used = [.. real.SelectMany(row => codes.AsSpan(row * groups, groups).ToArray())];
        return new KMeansQuantized(
            Frames.Mask(values, lengths), codes, Ops.Add(latent, Ops.Multiply(commitment, gamma)), CodePerplexity.Of(used, groups, Entries));
    }

    /// <summary>What is quantised: frames projected and normalised group by group, [N, T, D].</summary>
    public Tensor Project(Tensor x, int[]? lengths = null) => norm.Forward(map.Forward(x), lengths);

    /// <summary>Lets the entries begin as the k-means centroids of what they are to stand for (<see cref="CodeStart"/>); nothing where there are fewer frames than entries.</summary>
    /// <param name="x">[N, T, D]</param>
    /// <param name="lengths">Frames of each item that are real.</param>
    /// <param name="seed">Of the centroids' own start.</param>
    public void Begin(Tensor x, int[] lengths, ulong seed)
    {
        using Scope scope = Scope.NoGradient();
        int books = embedding.Shape[1];
        if (CodeStart.Of(Ops.PackFrames(Project(x, lengths), lengths), groups, books, Entries, seed) is { } start)
        {
            Ops.Transpose(start.Entries, 1, 0, 2).Span.CopyTo(embedding.Span);
        }
    }

    private static Tensor Pick(Tensor x, int[] rows) => rows.Length == x.Shape[0] ? x : Ops.Gather(x, rows);

    /// <summary>The nearest entry of each group of each row, argmax x·c - ½‖c‖².</summary>
    private int[] Nearest(Tensor x)
    {
        using Scope scope = Scope.NoGradient();
        int rows = x.Shape[0], books = embedding.Shape[1], width = x.Shape[2];
        var codes = new int[rows * groups];
        for (int g = 0; g < groups; g++)
        {
            Tensor book = Ops.Slice(embedding.Detach(), 1, books == 1 ? 0 : g, 1).Reshape(Entries, width);
            Tensor halves = Ops.Multiply(Ops.Sum(Ops.Square(book), -1), 0.5f);
            Tensor nearness = Ops.Subtract(Ops.MatMul(Ops.Slice(x, 1, g, 1).Reshape(rows, width), book, transposeB: true), halves);
            int[] nearest = CodeChoice.Largest(nearness);
            for (int row = 0; row < rows; row++)
            {
                codes[(row * groups) + g] = nearest[row];
            }
        }

        return codes;
    }

    private sealed class Projection : Module
    {
        public Projection(int dim, int groups)
        {
            Map = Add("0", new Conv1d(dim, dim, 1, groups: groups, bias: false));
            Norm = Add("1", new GroupNorm(groups, dim));
        }

        public Conv1d Map { get; }

        public GroupNorm Norm { get; }
    }
}
