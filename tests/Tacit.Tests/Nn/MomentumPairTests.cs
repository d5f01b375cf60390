using Tacit.Nn;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Nn;

public sealed class MomentumPairTests
{
    [Fact]
    public void The_twin_starts_equal_follows_slowly_and_keeps_its_own_statistics()
    {
        Sequential online = Network(1), target = Network(2);
        var pair = new MomentumPair(online, target);
        Assert.All(online.StateDict(), p => Assert.Equal(p.Value.ToArray(), target.StateDict()[p.Key].ToArray()));
        Assert.All(target.Parameters(), p => Assert.False(p.RequiresGrad));
        Assert.All(online.Parameters(), p => Assert.True(p.RequiresGrad));

        float[] before = target.StateDict()["0.weight"].ToArray();
        foreach (Tensor tensor in online.StateDict().Values)
        {
            tensor.Span.Fill(2);
        }

        pair.Update(0.75);
        Assert.Equal(before.Select(v => (0.75f * v) + 0.5f), target.StateDict()["0.weight"].ToArray(), (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal([0, 0, 0], target.StateDict()["1.running_mean"].ToArray());

        pair.CopyBuffers();
        Assert.Equal([2, 2, 2], target.StateDict()["1.running_mean"].ToArray());
    }

    [Fact]
    public void A_momentum_of_one_keeps_and_of_zero_copies()
    {
        Sequential online = Network(1), target = Network(2);
        var pair = new MomentumPair(online, target);
        float[] before = target.StateDict()["0.weight"].ToArray();
        online.StateDict()["0.weight"].Span.Fill(0.3f);

        pair.Update(1);
        Assert.Equal(before, target.StateDict()["0.weight"].ToArray());

        pair.Update(0);
        Assert.Equal(online.StateDict()["0.weight"].ToArray(), target.StateDict()["0.weight"].ToArray(), (a, b) => Math.Abs(a - b) < 1e-7);
    }

    [Fact]
    public void Networks_of_different_build_are_refused() =>
        Assert.Throws<TacitException>(() => new MomentumPair(Network(1), new Sequential(new Linear(2, 3))));

    private static Sequential Network(ulong seed)
    {
        var network = new Sequential(new Linear(2, 3), new BatchNorm(3));
        network.Initialize(seed);
        return network;
    }
}
