using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Tacit.Cli;

/// <summary>
/// Where output goes: everything for people to standard error, and with <c>--json</c> one document for programs to
/// standard output, where nothing else is ever written.
/// </summary>
internal sealed class Screen
{
    /// <summary>What every screen must be readable at.</summary>
    public const int NarrowWidth = 80;
    private const int WidestText = 100;

    private readonly TextWriter results;
    private bool lineOpen;

    /// <param name="people">Standard error.</param>
    /// <param name="results">Standard output.</param>
    /// <param name="interactive">Whether a person watches: progress then rewrites its line, otherwise a line is written now and then.</param>
    /// <param name="width">Columns.</param>
    public Screen(TextWriter people, TextWriter results, bool interactive, int width)
    {
        this.results = results;
        Interactive = interactive;
        Console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(people),
            Ansi = interactive ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = interactive ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = interactive ? InteractionSupport.Detect : InteractionSupport.No,
        });
        Console.Profile.Width = Math.Clamp(width, 40, WidestText);
        Console.Profile.Encoding = people.Encoding;
        People = people;
    }

    public bool Interactive { get; }

    /// <summary>Whether a JSON document was asked for.</summary>
    public bool Json { get; set; }

    private IAnsiConsole Console { get; }

    private TextWriter People { get; }

    public static Screen OfProcess()
    {
        bool interactive = !System.Console.IsErrorRedirected;
        System.Console.OutputEncoding = new System.Text.UTF8Encoding(false);
        return new Screen(System.Console.Error, System.Console.Out, interactive, interactive ? TerminalWidth() : NarrowWidth);
    }

    /// <summary>A line of plain text; square brackets stand for themselves.</summary>
    public void Line(string text = "")
    {
        CloseProgress();
        People.WriteLine(text);
    }

    /// <summary>A paragraph, wrapped between words to the screen's width.</summary>
    public void Paragraph(string text) => Render(new Text(text));

    /// <summary>Something that deserves attention and does not stop the work.</summary>
    public void Warn(string text) => Render(new Text($"Warning: {text}", new Style(Color.Yellow)));

    /// <summary>Why it failed, in one sentence.</summary>
    public void Error(string text) => Render(new Text(text, new Style(Color.Red)));

    public void Render(IRenderable what)
    {
        CloseProgress();
        Console.Write(what);
        if (what is Text)
        {
            People.WriteLine();
        }
    }

    /// <summary>Shows how far the work is, in place of what was shown before; only where a person watches.</summary>
    public void Progress(string text)
    {
        if (Interactive)
        {
            int columns = Math.Max(20, Console.Profile.Width - 1);
            People.Write($"\r{(text.Length > columns ? text[..columns] : text).PadRight(columns)}");
            lineOpen = true;
        }
        else
        {
            People.WriteLine(text);
        }

        People.Flush();
    }

    /// <summary>The result for programs, where it was asked for.</summary>
    public void Result<T>(T value, JsonTypeInfo<T> type)
    {
        if (Json)
        {
            results.WriteLine(JsonSerializer.Serialize(value, type));
            results.Flush();
        }
    }

    private static int TerminalWidth()
    {
        try
        {
            return System.Console.WindowWidth is > 0 and int width ? width : NarrowWidth;
        }
        catch (IOException)
        {
            return NarrowWidth;
        }
    }

    private void CloseProgress()
    {
        if (lineOpen)
        {
            People.Write($"\r{new string(' ', Math.Max(20, Console.Profile.Width - 1))}\r");
            lineOpen = false;
        }
    }
}
