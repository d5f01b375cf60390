namespace Tacit.Cli;

/// <summary>The <c>tacit</c> command.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        using var interruption = new Interruption();
        return new Application(Screen.OfProcess(), interruption.Token).Run(args);
    }
}
