using System.Text;

namespace Tacit.EndToEnd;

/// <summary>
/// Runs the commands of every page, two pages at a time, since nearly all of a small command is its start; those of one page in their order.
/// What stands on several pages word for word is run on the first, unless it makes what the others go on with.
/// </summary>
public sealed class DocsRuns : IDisposable
{
    private readonly DocsFolder data = new();
    private readonly SemaphoreSlim gate = new(2);
    private readonly Dictionary<string, DocsCommand> first = DocsTests.All.SelectMany(DocsTests.Commands).GroupBy(c => c.Text, StringComparer.Ordinal).ToDictionary(same => same.Key, same => same.First(), StringComparer.Ordinal);
    private readonly Dictionary<string, Task<string>> pages;
    private volatile bool over;

    /// <summary>Starts with the longest page.</summary>
    public DocsRuns() => pages = DocsTests.All
        .OrderByDescending(page => DocsTests.Commands(page).Count)
        .ToDictionary(page => page, page => Task.Run(() => InTurn(page)), StringComparer.Ordinal);

    /// <summary>What went wrong on a page, for people; nothing where all went well.</summary>
    public Task<string> FailuresOf(string page) => pages[page];

    public void Dispose()
    {
        over = true;
        Task.WaitAll(pages.Values.Select(page => page.ContinueWith(_ => { }, TaskScheduler.Default)));
        data.Dispose();
        gate.Dispose();
    }

    private async Task<string> InTurn(string page)
    {
        await gate.WaitAsync();
        try
        {
            return Run(page);
        }
        finally
        {
            gate.Release();
        }
    }

    private string Run(string page)
    {
        IReadOnlyList<DocsCommand> commands = DocsTests.Commands(page);
        string place = data.For(page, commands, DocsTests.Root);
        var failures = new StringBuilder();
        foreach (DocsCommand command in commands.Where(c => !over && !DocsTests.NotRun.ContainsKey(c.Text) && (first[c.Text] == c || c.Made.Any())))
        {
            Outcome outcome = Cli.RunIn(place, command.Small);
            if (outcome.Code != 0)
            {
                failures.AppendLine($"{page}:{command.Line}: {command.Text}\nas tacit {string.Join(' ', command.Small)}\nended with {outcome.Code}: {outcome.Error}");
            }
        }

        return failures.ToString();
    }
}
