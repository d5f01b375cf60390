using Tacit.Nn;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Nn;

public sealed class ScheduleTests
{
    public static TheoryData<string, ScheduleOptions> Shares => new()
    {
        { "constant", new() { Name = "constant" } },
        { "cosine", new() { Name = "cosine", End = 0.01 } },
        { "warmup-cosine", new() { Name = "cosine", Warmup = 5 } },
        { "warmup-cosine", new() { Name = "cosine", Warmup = 0.25 } },
        { "step", new() { Name = "step", Milestones = [10, 0.75], Gamma = 0.2 } },
        { "polynomial", new() { Name = "polynomial", Power = 2 } },
        { "tri-stage", new() { Name = "tri-stage", Warmup = 0.2, Hold = 6, End = 0.05 } },
        { "noam-share", new() { Name = "noam", Warmup = 4 } },
    };

    [Theory]
    [MemberData(nameof(Shares))]
    public void Twenty_steps_are_the_references(string label, ScheduleOptions options)
    {
        float[] expected = Oracle.Read("nn-schedules.safetensors").Tensors[label].ToArray();

        float[] actual = [.. Enumerable.Range(0, 20).Select(step => (float)Schedules.LrShare(options, step, 20))];

        Oracle.AssertWithin(expected, actual, 1e-7, label);
    }

    [Fact]
    public void Noam_is_the_papers()
    {
        float[] expected = Oracle.Read("nn-schedules.safetensors").Tensors["noam"].ToArray();

        Oracle.AssertWithin(expected, [.. Enumerable.Range(0, 20).Select(step => (float)Schedules.Noam(step, 512, 4))], 1e-9, "noam");
    }

    [Theory]
    [InlineData(1, 10, .96984631)]
    [InlineData(2, 10, .88302222)]
    [InlineData(10, 10, 0)]
    [InlineData(0, 0, 0)]
    [InlineData(0, 10, 1)]
    [InlineData(9, 10, 0)]
    [InlineData(0, 1, 0)]
    [InlineData(12, 10, 0)]
    public void Cosine_values_of_lightly(long step, long maxSteps, double expected) =>
        Assert.Equal(expected, Schedules.Cosine(step, maxSteps, 1, 0), 1e-8);

    [Theory]
    [InlineData(1, .90450849)]
    [InlineData(5, 0)]
    [InlineData(10, 1)]
    public void Cosine_with_a_period(long step, double expected) => Assert.Equal(expected, Schedules.Cosine(step, 10, 1, 0, period: 10), 1e-8);

    [Theory]
    [InlineData(0, .05)]
    [InlineData(1, .1)]
    [InlineData(9, .5)]
    [InlineData(10, 1)]
    [InlineData(11, .96984631)]
    public void Cosine_after_a_warmup(long step, double expected) =>
        Assert.Equal(expected, Schedules.WarmupCosine(step, 20, 1, 0, warmup: 10, warmupStart: 0, warmupEnd: 0.5), 1e-8);

    [Theory]
    [InlineData(9, 10, 3.8)]
    [InlineData(15, 10, 4)]
    [InlineData(0, 0, 4)]
    public void Linear_warmup_values(long step, long warmup, double expected) => Assert.Equal(expected, Schedules.LinearWarmup(step, warmup, 2, 4), 12);

    [Theory]
    [InlineData(0, .99)]
    [InlineData(25, .991464)]
    [InlineData(50, .995)]
    [InlineData(100, 1)]
    [InlineData(101, 1)]
    public void Cosine_momentum_values(long step, double expected) => Assert.Equal(expected, Schedules.CosineMomentum(step, 100, 0.99, 1), 6);

    [Fact]
    public void Linear_momentum_is_a_line()
    {
        Assert.Equal(0.9925, Schedules.LinearMomentum(25, 100, 0.99, 1), 12);
        Assert.Equal(1, Schedules.LinearMomentum(200, 100, 0.99, 1), 12);
    }

    [Fact]
    public void What_cannot_be_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Schedules.Cosine(-1, 10, 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Schedules.Cosine(1, 10, 1, 0, period: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Schedules.Cosine(1, 10, 1, 0, period: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Schedules.LrShare(new(), -1, 10));
        Assert.Contains("schedule.warmup", Assert.Throws<TacitException>(() => Schedules.LrShare(new() { Warmup = 11 }, 0, 10)).Message, StringComparison.Ordinal);
        Assert.Contains("schedule.hold", Assert.Throws<TacitException>(() => Schedules.LrShare(new() { Name = "tri-stage", Hold = 11, End = .1 }, 0, 10)).Message, StringComparison.Ordinal);
        Assert.Contains("schedule.end", Assert.Throws<TacitException>(() => Schedules.LrShare(new() { Name = "tri-stage" }, 0, 10)).Message, StringComparison.Ordinal);
        Assert.Contains("constant, cosine", Assert.Throws<TacitException>(() => Schedules.LrShare(new() { Name = "cosin" }, 0, 10)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_is_all_warmup_ends_at_the_peak()
    {
        Assert.Equal(1, Schedules.LrShare(new() { Warmup = 10 }, 9, 10), 12);
        Assert.Equal(0.55, Schedules.LrShare(new() { Warmup = 10, WarmupStart = 0.1 }, 4, 10), 12);
    }
}
