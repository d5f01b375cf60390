using Tacit.Nn;
using Xunit;

namespace Tacit.Tests.Nn;

public sealed class ClusterAgreementTests
{
    [Fact]
    public void Three_clusters_of_a_textbook_by_hand()
    {
        // Clusters of 5 x + 1 o, 1 x + 4 o + 1 d, 2 x + 3 d: purity (5 + 4 + 3) / 17.
        int[] clusters = [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2], labels = [0, 0, 0, 0, 0, 1, 0, 1, 1, 1, 1, 2, 0, 0, 2, 2, 2];
        double[] joint = [5, 1, 1, 4, 1, 2, 3];

        // Sizes 6, 6, 5 of clusters and 8, 5, 4 of classes.
        double clustersH = H(6, 6, 5), classesH = H(8, 5, 4), mutual = clustersH + classesH - H(joint);

        Assert.Equal(12 / 17.0, ClusterAgreement.Purity(clusters, labels), 1e-12);
        Assert.Equal(2 * mutual / (clustersH + classesH), ClusterAgreement.NormalizedMutualInformation(clusters, labels), 1e-12);
        Assert.Equal([0, 1, 2], ClusterAgreement.Majority(clusters, labels));

        static double H(params double[] counts) => -counts.Sum(c => c / 17 * Math.Log(c / 17));
    }

    [Fact]
    public void Renamed_classes_agree_wholly_and_clusters_that_cut_across_not_at_all()
    {
        Assert.Equal(1, ClusterAgreement.NormalizedMutualInformation([2, 2, 0, 0, 1], [0, 0, 1, 1, 2]), 1e-12);
        Assert.Equal(1, ClusterAgreement.Purity([2, 2, 0, 0, 1], [0, 0, 1, 1, 2]));
        Assert.Equal(0, ClusterAgreement.NormalizedMutualInformation([0, 1, 0, 1], [0, 0, 1, 1]), 1e-12);
        Assert.Equal(0.5, ClusterAgreement.Purity([0, 1, 0, 1], [0, 0, 1, 1]));

        // By halves: I = log 2, H(K) = log 4, H(C) = log 2.
        Assert.Equal(2.0 / 3, ClusterAgreement.NormalizedMutualInformation([0, 1, 2, 3], [0, 0, 1, 1]), 1e-12);
        Assert.Equal(0, ClusterAgreement.NormalizedMutualInformation([0, 0, 0], [0, 1, 2]), 1e-12);
        Assert.Equal(1, ClusterAgreement.NormalizedMutualInformation([0, 0], [0, 0]));
        Assert.Throws<ArgumentException>(() => ClusterAgreement.Purity([], []));
        Assert.Throws<ArgumentException>(() => ClusterAgreement.Purity([0], [0, 1]));
    }
}
