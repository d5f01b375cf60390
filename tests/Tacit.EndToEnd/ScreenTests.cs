namespace Tacit.EndToEnd;

/// <summary>What people see, held to text files.</summary>
public sealed class ScreenTests
{
    [Theory]
    [InlineData("help", "--help")]
    [InlineData("help-pretrain", "pretrain --help")]
    [InlineData("help-eval", "eval --help")]
    [InlineData("help-superb", "superb --help")]
    [InlineData("help-embed", "embed --help")]
    [InlineData("help-neighbours", "neighbours --help")]
    [InlineData("help-reconstruct", "reconstruct --help")]
    [InlineData("help-report", "report --help")]
    public void Help(string name, string arguments)
    {
        Outcome outcome = Cli.Run(arguments.Split(' '));

        Assert.Equal(0, outcome.Code);
        Screen.Holds(outcome.Output, name);
    }

    [Fact]
    public void Methods() => Screen.Holds(Cli.Run("methods").Error, "methods");

    [Fact]
    public void Doctor() => Screen.Holds(
        Cli.Run("doctor", "--threads", "1").Error,
        "doctor",
        (@"^(\.NET|system|instructions|memory)  ( +).*$", "$1  $2…"),
        (@"of \d+ processors", "of N processors"),
        (@"[\d.,]+ (GFLOP/s|GB/s|GB)", "N $1"));
}
