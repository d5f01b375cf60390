using System.CommandLine;
using Spectre.Console;
using Tacit.Methods;

namespace Tacit.Cli.Commands;

/// <summary><c>tacit methods</c>: what there is, by family.</summary>
internal static class MethodsCommand
{
    private static readonly Style Quiet = new(decoration: Decoration.Dim);

    public static Command Create(Screen screen)
    {
        var command = new Command("methods", "What there is, by family");
        command.SetAction(_ => Run(screen));
        return command;
    }

    private static int Run(Screen screen)
    {
        // The catalogue's order: families as the field sorts them, methods by year.
        MethodInfo[] methods = [.. MethodCatalog.All.Select(m => m.Info).GroupBy(m => m.Family).SelectMany(family => family.OrderBy(m => m.Year))];
        if (screen.Json)
        {
            screen.Result(methods, ResultJson.Default.IReadOnlyListMethodInfo);
            return ExitCode.Done;
        }

        int longest = methods.Max(m => m.Name.Length);
        foreach (IGrouping<string, MethodInfo> family in methods.GroupBy(m => m.Family))
        {
            screen.Line(family.Key);
            var table = new Grid().AddColumn(new GridColumn().Width(longest).NoWrap().PadLeft(2).PadRight(2)).AddColumn(new GridColumn().PadRight(0));
            foreach (MethodInfo method in family)
            {
                table.AddRow(new Text(method.Name), new Text(method.Summary));
                table.AddRow(new Text(string.Join(", ", method.Modality), Quiet), new Text(method.Paper, Quiet));
            }

            screen.Render(table);
            screen.Line();
        }

        screen.Line("Begin with: tacit pretrain METHOD --data FOLDER");
        return ExitCode.Done;
    }
}
