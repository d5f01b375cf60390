namespace Tacit.Nn;

/// <summary>How far clusters that were found without labels agree with labels.</summary>
public static class ClusterAgreement
{
    /// <summary>The share of items that belong to the commonest class of their cluster.</summary>
    /// <param name="clusters">Each item's cluster from 0.</param>
    /// <param name="labels">Each item's class from 0.</param>
    /// <returns>From the share of the largest class to 1. More clusters give higher values: one an item gives 1.</returns>
    /// <remarks>Manning, Raghavan and Schütze 2008, "Introduction to Information Retrieval", section 16.3.</remarks>
    public static double Purity(ReadOnlySpan<int> clusters, ReadOnlySpan<int> labels)
    {
        int[] common = Majority(clusters, labels);
        int right = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            right += common[clusters[i]] == labels[i] ? 1 : 0;
        }

        return (double)right / labels.Length;
    }

    /// <summary>The commonest class of each cluster, of equally common ones the lower; 0 for an empty cluster.</summary>
    public static int[] Majority(ReadOnlySpan<int> clusters, ReadOnlySpan<int> labels)
    {
        int[,] counts = Counts(clusters, labels);
        return [.. Enumerable.Range(0, counts.GetLength(0)).Select(k => Enumerable.Range(0, counts.GetLength(1)).MaxBy(c => counts[k, c]))];
    }

    /// <summary>2 I(K; C) / (H(K) + H(C)): 0 where clusters say nothing about classes, 1 where each tells the other.</summary>
    /// <param name="clusters">Each item's cluster from 0.</param>
    /// <param name="labels">Each item's class from 0.</param>
    /// <returns>1 where there is one cluster and one class.</returns>
    /// <remarks>Normalised by the arithmetic mean of the entropies.</remarks>
    public static double NormalizedMutualInformation(ReadOnlySpan<int> clusters, ReadOnlySpan<int> labels)
    {
        int[,] counts = Counts(clusters, labels);
        var byCluster = new double[counts.GetLength(0)];
        var byClass = new double[counts.GetLength(1)];
        var joint = new List<double>(counts.Length);
        for (int k = 0; k < byCluster.Length; k++)
        {
            for (int c = 0; c < byClass.Length; c++)
            {
                double share = (double)counts[k, c] / labels.Length;
                byCluster[k] += share;
                byClass[c] += share;
                joint.Add(share);
            }
        }

        double apart = Entropy(byCluster) + Entropy(byClass);
        return apart > 0 ? Math.Clamp(2 * (apart - Entropy(joint)) / apart, 0, 1) : 1;
    }

    private static double Entropy(IEnumerable<double> shares) => -shares.Where(p => p > 0).Sum(p => p * Math.Log(p));

    private static int[,] Counts(ReadOnlySpan<int> clusters, ReadOnlySpan<int> labels)
    {
        if (clusters.Length != labels.Length || labels.Length == 0)
        {
            throw new ArgumentException($"{clusters.Length} clusters and {labels.Length} labels are not one of each for every item.", nameof(labels));
        }

        var counts = new int[System.Numerics.Tensors.TensorPrimitives.Max(clusters) + 1, System.Numerics.Tensors.TensorPrimitives.Max(labels) + 1];
        for (int i = 0; i < labels.Length; i++)
        {
            counts[clusters[i], labels[i]]++;
        }

        return counts;
    }
}
