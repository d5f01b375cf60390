using Tacit.Training;
using Xunit;

namespace Tacit.Tests.Training;

public sealed class MetricsLogTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void ItIsCutBackToTheCheckpointsStep()
    {
        string path = folder["metrics.jsonl"];
        File.WriteAllText(path, "{\"step\":0}\n{\"step\":5,\"loss\":1}\n{\"step\":7}\n{\"st");
        using (var log = new MetricsLog(path, 5))
        {
            log.Write(6, null, null, null, null);
        }

        Assert.Equal("{\"step\":0}\n{\"step\":5,\"loss\":1}\n{\"step\":6,\"epoch\":0}\n", File.ReadAllText(path));
    }

    [Fact]
    public void AtStepMinusOneItBeginsAgain()
    {
        string path = folder["metrics.jsonl"];
        File.WriteAllText(path, "{\"step\":0}\n");
        new MetricsLog(path, -1).Dispose();
        Assert.Equal("", File.ReadAllText(path));
    }

    [Theory]
    [InlineData("{\"step\":12}", 12L)]
    [InlineData("{\"step\":12", null)]
    [InlineData("{\"loss\":12}", null)]
    [InlineData("12", null)]
    [InlineData("", null)]
    public void TheStepOfALineIsRead(string line, long? step) => Assert.Equal(step, MetricsLog.StepOf(line));

    [Fact]
    public void NumbersThatJsonDoesNotHaveAreTexts()
    {
        string path = folder["metrics.jsonl"];
        using (var log = new MetricsLog(path, -1))
        {
            log.Write(1, new StepLogged(1, 2, 0, double.NaN, 0.5, double.PositiveInfinity, 10, 0, 1, [KeyValuePair.Create("part", 0.25)]), null, null, null);
        }

        Assert.Equal("{\"step\":1,\"epoch\":0,\"loss\":\"NaN\",\"lr\":0.5,\"grad_norm\":\"Infinity\",\"samples_per_second\":10,\"data_wait\":0,\"part\":0.25}\n", File.ReadAllText(path));
    }

    [Fact]
    public void AFolderThatIsGoneIsSaid() =>
        Assert.Contains("could not be written", Assert.Throws<TacitException>(() => new MetricsLog(folder["none/metrics.jsonl"], -1)).Message, StringComparison.Ordinal);
}
