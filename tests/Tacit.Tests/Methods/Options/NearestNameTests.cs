using Tacit.Methods;
using Xunit;

namespace Tacit.Tests.Methods.Options;

public sealed class NearestNameTests
{
    [Theory]
    [InlineData("", "abc", 3)]
    [InlineData("abc", "abc", 0)]
    [InlineData("ABC", "abc", 0)]
    [InlineData("abc", "abd", 1)]
    [InlineData("abc", "ac", 1)]
    [InlineData("abcd", "acbd", 1)]
    [InlineData("kitten", "sitting", 3)]
    public void EditsAreCounted(string a, string b, int edits)
    {
        Assert.Equal(edits, NearestName.Edits(a, b));
        Assert.Equal(edits, NearestName.Edits(b, a));
    }

    [Theory]
    [InlineData("optimizer.lrr", "optimizer.lr")]
    [InlineData("optimiser.lr", "optimizer.lr")]
    [InlineData("schedule.wramup", "schedule.warmup")]
    [InlineData("warmup", "schedule.warmup")]
    [InlineData("weather", null)]
    public void TheNearestIsFoundUnlessTooFar(string name, string? expected) =>
        Assert.Equal(expected, NearestName.Find(name, ["optimizer.lr", "schedule.warmup", "data.path"]));

    [Fact]
    public void NoNamesGiveNoSuggestion() => Assert.Equal("", NearestName.Suggest("x", []));
}
