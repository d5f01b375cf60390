using System.Text.RegularExpressions;

namespace Tacit.EndToEnd;

/// <summary>
/// Every command that stands in a block of README.md or docs/*.md is run, in the order of its page, as a user would who has data of that
/// name: tiny data, and made small by <see cref="DocsCommand.Small"/>. It must end with 0.
/// </summary>
public sealed partial class DocsTests(DocsRuns runs) : IClassFixture<DocsRuns>
{
    /// <summary>The commands that are not run, and why.</summary>
    internal static Dictionary<string, string> NotRun { get; } = new(StringComparer.Ordinal)
    {
        ["tacit demo text"] = "Half a minute, and it has no shorter form; the commands below it on its page are of the same kind.",
    };

    internal static string Root { get; } = FindRoot();

    internal static string[] All { get; } =
        ["README.md", .. Directory.EnumerateFiles(Path.Combine(Root, "docs"), "*.md").Order(StringComparer.Ordinal).Select(path => $"docs/{Path.GetFileName(path)}")];

    public static TheoryData<string> Pages => [.. All.Where(page => Commands(page).Count > 0)];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Its_commands_run_as_they_stand_there(string page) => Assert.Equal("", await runs.FailuresOf(page));

    [Fact]
    public void What_is_not_run_stands_somewhere() =>
        Assert.All(NotRun.Keys, text => Assert.Contains(text, All.SelectMany(Commands).Select(c => c.Text)));

    [Theory]
    [InlineData("README.md")]
    [InlineData("docs/tour.md")]
    [InlineData("docs/first-hour-pictures.md")]
    [InlineData("docs/first-hour-speech.md")]
    [InlineData("docs/which-method.md")]
    public void A_page_that_guides_has_commands(string page) => Assert.NotEmpty(Commands(page));

    [Fact]
    public void Links_lead_to_files() => Assert.All(
        All.Append("CONTRIBUTING.md").SelectMany(page => Link().Matches(File.ReadAllText(Path.Combine(Root, page))).Select(link => (page, link.Groups["to"].Value))),
        link => Assert.True(Path.Exists(Path.Combine(Root, Path.GetDirectoryName(link.page)!, link.Value)), $"{link.page}: {link.Value}"));

    internal static IReadOnlyList<DocsCommand> Commands(string page) => [.. DocsCommand.Of(Root, page)];

    private static string FindRoot()
    {
        var place = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(place.FullName, "Tacit.slnx")))
        {
            place = place.Parent ?? throw new DirectoryNotFoundException("There is no Tacit.slnx above the tests.");
        }

        return place.FullName;
    }

    /// <summary>A link or picture of this repository.</summary>
    [GeneratedRegex(@"\]\((?!https?:)(?<to>[^)#\s]+)\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Link();
}
