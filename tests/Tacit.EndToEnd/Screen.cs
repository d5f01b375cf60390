using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Tacit.EndToEnd;

/// <summary>Holds what people see to a text file that a reviewer can read, Screens/NAME.txt.</summary>
/// <remarks>To accept a new look, run the tests with TACIT_ACCEPT_SCREENS=1 and read the difference before committing it.</remarks>
internal static class Screen
{
    /// <param name="actual">Standard error, or several of them.</param>
    /// <param name="name">The file's name without its ending.</param>
    /// <param name="changes">Pairs of pattern and replacement for what differs between machines.</param>
    public static void Holds(string actual, string name, params (string Pattern, string Replacement)[] changes) => Compare(actual, name, changes, Here());

    private static void Compare(string actual, string name, (string Pattern, string Replacement)[] changes, string here)
    {
        string text = string.Join('\n', actual.ReplaceLineEndings("\n").Split('\n').Select(line => line.TrimEnd())).Trim('\n') + "\n";
        foreach ((string pattern, string replacement) in changes)
        {
            text = Regex.Replace(text, pattern, replacement, RegexOptions.Multiline, TimeSpan.FromSeconds(5));
        }

        foreach (string line in text.Split('\n'))
        {
            Assert.True(line.Length <= 80, $"wider than 80 columns: {line}");
        }

        if (Environment.GetEnvironmentVariable("TACIT_ACCEPT_SCREENS") == "1")
        {
            File.WriteAllText(Path.Combine(here, "Screens", $"{name}.txt"), text);
            return;
        }

        Assert.Equal(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Screens", $"{name}.txt")).ReplaceLineEndings("\n"), text);
    }

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
