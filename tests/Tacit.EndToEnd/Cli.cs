using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Tacit.EndToEnd;

/// <summary>The built command line as a child process, as a user or a script runs it.</summary>
internal static class Cli
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    /// <summary>Where the command line lies, with what comes with it.</summary>
    public static string Folder => Path.GetDirectoryName(Library())!;

    /// <summary>Runs to the end.</summary>
    public static Outcome Run(params string[] arguments) => RunIn(Environment.CurrentDirectory, arguments);

    /// <summary>Runs to the end in a folder.</summary>
    public static Outcome RunIn(string folder, params string[] arguments)
    {
        using Process process = Start(folder, arguments);
        return Finish(process, arguments);
    }

    /// <summary>Runs with <c>--json</c>, which must work and print one document.</summary>
    public static JsonElement Json(params string[] arguments)
    {
        Outcome outcome = Run([.. arguments, "--json"]);
        Assert.True(outcome.Code == 0, $"{outcome.Code}: {outcome.Error}");
        return outcome.Document();
    }

    public static Process Start(string folder, params string[] arguments)
    {
        var info = new ProcessStartInfo("dotnet")
        {
            UseShellExecute = false,
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        info.ArgumentList.Add(Library());
        foreach (string argument in arguments)
        {
            info.ArgumentList.Add(argument);
        }

        Process process = Process.Start(info)!;
        process.StandardInput.Close();
        return process;
    }

    public static Outcome Finish(Process process, string[] arguments)
    {
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"tacit {string.Join(' ', arguments)} did not end.");
        }

        return new Outcome(process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }

    /// <summary>Sends a signal, by its number.</summary>
    public static void Signal(Process process, int signal)
    {
        using Process kill = Process.Start("kill", [$"-{signal}", process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>artifacts/bin/Tacit.Cli/release/tacit.dll, beside this assembly's own folder.</summary>
    private static string Library()
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        string path = Path.Combine(own.Parent!.Parent!.FullName, "Tacit.Cli", own.Name, "tacit.dll");
        return File.Exists(path) ? path : throw new FileNotFoundException("The command line is not built where it was expected.", path);
    }
}

/// <summary>How a command ended.</summary>
internal sealed record Outcome(int Code, string Output, string Error)
{
    /// <summary>Standard output as the one JSON document it must be.</summary>
    public JsonElement Document()
    {
        using var document = JsonDocument.Parse(Output);
        return document.RootElement.Clone();
    }
}
