using Tacit.Methods;
using Xunit;

namespace Tacit.Tests.Methods;

public sealed class DiagnosticsTests
{
    [Fact]
    public void ValuesOfOneStepAreAveragedAndForgotten()
    {
        var diagnostics = new Diagnostics();
        diagnostics.Report("a", 1);
        diagnostics.Report("b", 5);
        diagnostics.Report("a", 2);
        Assert.Equal([("a", 1.5), ("b", 5.0)], diagnostics.Values);
        Assert.Equal(1.5, diagnostics["a"]);
        diagnostics.Clear();
        Assert.Empty(diagnostics.Values);
        Assert.Null(diagnostics["a"]);
        diagnostics.Report("b", 3);
        Assert.Equal([("b", 3.0)], diagnostics.Values);
    }

    [Fact]
    public void ReportingAgainAllocatesNothing()
    {
        var diagnostics = new Diagnostics();
        diagnostics.Report("a", 1);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            diagnostics.Clear();
            diagnostics.Report("a", i);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
