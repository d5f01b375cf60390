using System.CommandLine;
using Spectre.Console;
using Tacit.Methods;

namespace Tacit.Cli.Commands;

/// <summary><c>tacit methods</c>: what there is, by family.</summary>
internal static class MethodsCommand
{
    public static Command Create(Screen screen)
    {
        var command = new Command("methods", "What there is, by family");
        command.SetAction(_ => Run(screen));
        return command;
    }

    private static int Run(Screen screen)
    {
        MethodInfo[] methods = [.. MethodCatalog.All.Select(m => m.Info).OrderBy(m => m.Family, StringComparer.Ordinal).ThenBy(m => m.Year).ThenBy(m => m.Name, StringComparer.Ordinal)];
        if (screen.Json)
        {
            screen.Result(methods, ResultJson.Default.IReadOnlyListMethodInfo);
            return ExitCode.Done;
        }

        foreach (IGrouping<string, MethodInfo> family in methods.GroupBy(m => m.Family))
        {
            screen.Line(family.Key);
            var table = new Grid().AddColumn(new GridColumn().NoWrap().PadLeft(2).PadRight(2)).AddColumn(new GridColumn().PadRight(0));
            foreach (MethodInfo method in family)
            {
                table.AddRow(new Text(method.Name), new Text($"{method.Summary} ({string.Join(", ", method.Modality)}; {method.Paper})"));
            }

            screen.Render(table);
            screen.Line();
        }

        screen.Line("Begin with: tacit pretrain METHOD --data FOLDER");
        return ExitCode.Done;
    }
}
