using Tacit.Data;
using Tacit.Data.Pictures;
using Tacit.Training;
using Xunit;

namespace Tacit.Tests.Training;

public sealed class KnnSplitTests
{
    [Fact]
    public void BankAndQueriesShareNoPictureAndNoneIsUnlabelled()
    {
        int[] labels = [.. Enumerable.Range(0, 100).Select(i => i % 10 == 0 ? -1 : i % 3)];
        KnnSplit split = KnnSplit.Of(Data(labels), new MonitorOptions { KnnBank = 60, KnnQueries = 20 }, 3)!;
        Assert.Equal((60, 20), (split.Bank.Length, split.Queries.Length));
        Assert.Empty(split.Bank.Intersect(split.Queries));
        Assert.All(split.Bank.Concat(split.Queries), i => Assert.True(labels[i] >= 0));
        Assert.Equal(split.Bank.Order(), split.Bank);
        KnnSplit again = KnnSplit.Of(Data(labels), new MonitorOptions { KnnBank = 60, KnnQueries = 20 }, 3)!;
        Assert.Equal(split.Bank, again.Bank);
        Assert.NotEqual(split.Bank, KnnSplit.Of(Data(labels), new MonitorOptions { KnnBank = 60, KnnQueries = 20 }, 4)!.Bank);
    }

    [Fact]
    public void ASmallSetKeepsAFifthForQueries()
    {
        KnnSplit split = KnnSplit.Of(Data([.. Enumerable.Range(0, 20).Select(i => i % 2)]), new MonitorOptions(), 0)!;
        Assert.Equal((16, 4), (split.Bank.Length, split.Queries.Length));
    }

    [Fact]
    public void WithoutLabelsOrBankOrASecondClassThereIsNone()
    {
        Assert.Null(KnnSplit.Of(Data(null), new MonitorOptions(), 0));
        Assert.Null(KnnSplit.Of(Data([.. Enumerable.Range(0, 20).Select(i => i % 2)]), new MonitorOptions { KnnBank = 0 }, 0));
        Assert.Null(KnnSplit.Of(Data(new int[20]), new MonitorOptions(), 0));
        Assert.Null(KnnSplit.Of(Data([0, 1, 0, 1]), new MonitorOptions(), 0));
    }

    private static PictureDataset Data(int[]? labels) =>
        PictureDataset.Of("test", [.. Enumerable.Range(0, labels?.Length ?? 20).Select(_ => new Picture(1, 1, 3, new byte[3]))], labels);
}
