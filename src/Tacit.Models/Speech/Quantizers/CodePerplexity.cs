using Tacit.Tensors;

namespace Tacit.Models;

/// <summary>How many of their entries code books use: Σ over groups of e^H, H the entropy of a group's mean choice.</summary>
/// <remarks>Baevski et al. 2020, arXiv:2006.11477, eq. 4; V a group where all entries are used alike, 1 where one is.</remarks>
public static class CodePerplexity
{
    /// <summary>Inside the logarithm, so that an entry that nothing chooses has one.</summary>
    private const float Eps = 1e-7f;

    /// <summary>Of soft choices, and with their gradient: [N, G, V] to one number.</summary>
    /// <param name="choices">Rows over V as softmax gives them.</param>
    /// <param name="seen">Which of the N are counted; null for all.</param>
    public static Tensor Of(Tensor choices, bool[]? seen = null)
    {
        if (choices.Rank != 3 || (seen is not null && seen.Length != choices.Shape[0]))
        {
            throw ShapeException.Unfit("CodePerplexity", choices.Shape, "it takes choices [N, G, V], and whether each of the N is seen");
        }

        if (seen is not null)
        {
            choices = Ops.Gather(choices, [.. Enumerable.Range(0, seen.Length).Where(n => seen[n])]);
        }

        Tensor mean = Ops.Mean(choices, 0);                                             // [G, V]
        return Ops.Sum(Ops.Exp(Ops.Negate(Ops.Sum(Ops.Multiply(mean, Ops.Log(Ops.Add(mean, Eps))), -1))));
    }

    /// <summary>Of codes that were chosen.</summary>
    /// <param name="codes">N · G numbers below V, those of one row together.</param>
    /// <param name="groups">G</param>
    /// <param name="entries">V</param>
    public static double Of(ReadOnlySpan<int> codes, int groups, int entries)
    {
        var counts = new int[groups * entries];
        for (int i = 0; i < codes.Length; i++)
        {
            counts[(i % groups * entries) + codes[i]]++;
        }

        double rows = codes.Length / groups, total = 0;
        foreach (int[] group in counts.Chunk(entries))
        {
            total += Math.Exp(-group.Sum(count => count / rows * Math.Log((count / rows) + Eps)));
        }

        return rows > 0 ? total : 0;
    }
}
