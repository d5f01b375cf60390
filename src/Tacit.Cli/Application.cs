using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using Tacit.Cli.Commands;
using Tacit.Methods;
using Tacit.Tensors;

namespace Tacit.Cli;

/// <summary>The command line as a whole: parses, runs one command, turns errors into one sentence and an exit code.</summary>
internal sealed class Application
{
    private readonly Screen screen;
    private readonly RootCommand root;
    private readonly Option<bool> json = new("--json") { Description = "Print one JSON document to standard output, and nothing else there", Recursive = true };
    private readonly Option<int?> threads = Options.Whole("--threads", "N", "Threads to compute with; the results are the same for any number", 1, 1024);

    public Application(Screen screen, CancellationToken stop)
    {
        this.screen = screen;
        threads.Recursive = true;
        root = new RootCommand("Self-supervised learning for images, in pure C#.")
        {
            DemoCommand.Create(screen, stop),
            MethodsCommand.Create(screen),
            PretrainCommand.Create(screen, stop),
            EvalCommand.Create(screen, stop),
            SuperbCommand.Create(screen, stop),
            EmbedCommand.Create(screen, stop),
            NeighboursCommand.Create(screen, stop),
            ReconstructCommand.Create(screen, stop),
            ReportCommand.Create(screen, stop),
            DataCommand.Create(screen, stop),
            DoctorCommand.Create(screen),
        };
        root.Add(json);
        root.Add(threads);
        foreach (HelpOption help in root.Options.OfType<HelpOption>())
        {
            ((HelpAction)help.Action!).MaxWidth = Screen.NarrowWidth;
        }
    }

    public int Run(string[] args)
    {
        try
        {
            ParseResult parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
            screen.Json = parsed.GetValue(json);
            if (parsed.Errors.Count > 0)
            {
                return Refuse(parsed);
            }

            if (parsed.GetValue(threads) is { } count)
            {
                WorkerPool.Configure(count);
            }

            return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (Exception error)
        {
            (int code, string sentence) = Failure.Describe(error);
            screen.Error(sentence);
            return code;
        }
    }

    /// <summary>Says what is wrong with the command line, and what was probably meant.</summary>
    private int Refuse(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        string? unknown = parsed.UnmatchedTokens.Count > 0 ? parsed.UnmatchedTokens[0] : null;
        if (parsed.Errors.FirstOrDefault(e => e.SymbolResult is OptionResult or ArgumentResult && unknown is null) is { } precise)
        {
            screen.Error(precise.Message);
        }
        else if (unknown is null)
        {
            screen.Error(parsed.Errors[0].Message);
        }
        else if (unknown.StartsWith('-'))
        {
            IEnumerable<string> known = command.Options.Concat(root.Options.Where(o => o.Recursive)).Select(o => o.Name);
            screen.Error($"There is no option '{unknown}' for '{Path(parsed)}'.{NearestName.Suggest(unknown, known)}");
        }
        else if (command.Subcommands.Count > 0)
        {
            screen.Error($"There is no command '{unknown}'.{NearestName.Suggest(unknown, command.Subcommands.Select(c => c.Name))}");
        }
        else
        {
            screen.Error($"'{unknown}' was not expected after '{Path(parsed)}'.");
        }

        screen.Line($"'{Path(parsed)} --help' says more.");
        return ExitCode.Usage;
    }

    private static string Path(ParseResult parsed)
    {
        var names = new List<string>();
        for (SymbolResult? result = parsed.CommandResult; result is CommandResult command; result = result.Parent)
        {
            names.Insert(0, command.Command is RootCommand ? "tacit" : command.Command.Name);
        }

        return string.Join(' ', names);
    }
}
