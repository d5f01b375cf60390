using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>
/// A momentum encoder whose batch norm tells nothing: the batch is permuted, cut into groups, and each group goes through the
/// network alone, with statistics of its own. A key then cannot be known by the company it was normalised in.
/// </summary>
/// <remarks>He et al. 2020, arXiv:1911.05722, section 3.3 (shuffling batch norm), with groups in place of devices.</remarks>
internal static class ShuffledGroups
{
    /// <summary>Fewer items than this give no statistics to normalise by.</summary>
    public const int SmallestGroup = 8;

    /// <summary>network(x) by groups, rows in x's order, without history.</summary>
    /// <param name="x">[N, …]</param>
    /// <param name="groups">How many; sizes differ by at most one.</param>
    /// <param name="shuffle">Whether items are permuted before and put back afterwards.</param>
    /// <param name="path">Names the caller's stream of random numbers.</param>
    /// <param name="network">Maps [n, …] to [n, D] in training mode.</param>
    public static Tensor Forward(Tensor x, int groups, bool shuffle, string path, Func<Tensor, Tensor> network)
    {
        using Scope inner = Scope.NoGradient();
        int items = x.Shape[0];
        int[]? order = shuffle ? Philox.Permutation(items, inner.Seed, Scope.NextStream("shuffle", path), inner.Step) : null;
        Tensor shuffled = order is null ? x : Ops.Gather(x, order);
        var parts = new Tensor[groups];
        for (int g = 0; g < groups; g++)
        {
            int first = (int)((long)g * items / groups), end = (int)((long)(g + 1) * items / groups);
            parts[g] = network(shuffled.Rows(first, end - first));
        }

        Tensor y = Ops.Concat(0, parts);
        return inner.Keep(order is null ? y : Ops.ScatterAdd(y, order, items));
    }
}
