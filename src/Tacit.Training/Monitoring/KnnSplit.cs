using Tacit.Data;
using Tacit.Tensors;

namespace Tacit.Training;

/// <summary>
/// The labelled training pictures that the online kNN uses: a bank that votes and queries held against it, no picture in
/// both, drawn once from the run's seed. The test set is never touched.
/// </summary>
internal sealed record KnnSplit(int[] Bank, int[] Queries)
{
    /// <summary>The split, or null where nothing is labelled, the bank is switched off, or there is only one class.</summary>
    public static KnnSplit? Of(Dataset data, MonitorOptions options, ulong seed)
    {
        if (data.Labels is not { } labels || options.KnnBank == 0)
        {
            return null;
        }

        int[] order = [.. Philox.Permutation(data.Count, seed, Philox.Hash("monitor", "knn"), 0).Where(i => labels[i] >= 0)];
        int bank = BankSize(options, order.Length);
        if (bank == 0 || order.Select(i => labels[i]).Distinct().Count() < 2)
        {
            return null;
        }

        int queries = Math.Min(options.KnnQueries, order.Length - bank);

        // Ascending order reads archives front to back.
        return new KnnSplit([.. order[..bank].Order()], [.. order[bank..(bank + queries)].Order()]);
    }

    /// <summary>At most four fifths of what is labelled, so that a small set keeps queries too.</summary>
    public static int BankSize(MonitorOptions options, int labelled) => labelled < 5 ? 0 : Math.Min(options.KnnBank, labelled * 4 / 5);
}
