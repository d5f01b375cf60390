using Tacit.Methods;
using Tacit.Models;
using Xunit;

namespace Tacit.Tests.Methods;

public sealed class DataFitTests
{
    [Fact]
    public void ADefaultAdaptsAndSaysSo()
    {
        var notes = new List<string>();
        DataFit fit = Fit([], notes);
        Assert.Equal(40, fit.AtMost("method.queue", 4096, 40, "the data set has 40 pictures"));
        Assert.Equal(8, fit.AtLeast("method.queue", 4, 8, "a batch has 8"));
        Assert.Equal(12, fit.AtMost("method.queue", 12, 40, "never said"));
        Assert.Equal(["method.queue is 40 instead of 4096 because the data set has 40 pictures.", "method.queue is 8 instead of 4 because a batch has 8."], notes);
    }

    [Fact]
    public void WhatWasGivenIsRefused()
    {
        DataFit fit = Fit(["method.queue"], []);
        Assert.Equal(
            "method.queue: 4096 cannot work because the data set has 40 pictures; give at most 40.",
            Assert.Throws<ConfigurationException>(() => fit.AtMost("method.queue", 4096, 40, "the data set has 40 pictures")).Message);
        Assert.Throws<ConfigurationException>(() => fit.AtLeast("method.queue", 4, 8, "a batch has 8"));
        Assert.Equal(40, fit.AtMost("method.queue", 40, 40, "never said"));
    }

    [Theory]
    [InlineData(40, 1)]
    [InlineData(41, 2)]
    [InlineData(1000, 3)]
    public void StepsAreChosenByTheSizeOfTheData(int items, int expected)
    {
        var fit = new DataFit(_ => false, _ => { }) { Items = items, BatchSize = 8, Side = 8, Model = new BackboneOptions() };
        Assert.Equal(expected, fit.BySize((40, 1), (999, 2), (int.MaxValue, 3)));
    }

    private static DataFit Fit(string[] given, List<string> notes) =>
        new(given.Contains, notes.Add) { Items = 40, BatchSize = 8, Side = 8, Model = new BackboneOptions() };
}
