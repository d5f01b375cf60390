using System.CommandLine;
using Tacit.Data;

namespace Tacit.Cli.Commands;

/// <summary><c>tacit data info PATH</c>: what Tacit sees there.</summary>
internal static class DataCommand
{
    private const int ManyItems = 5000;
    private const int ShownBroken = 10;

    public static Command Create(Screen screen, CancellationToken stop)
    {
        var path = new Argument<string>("PATH") { Description = "Folder, .tar, manifest, IDX or CIFAR-10 file" };
        var info = new Command("info", "Items, classes, sizes, rates, minutes and broken files: what Tacit sees at a path") { path };
        info.SetAction(parsed => Run(screen, parsed.GetRequiredValue(path), stop));
        return new Command("data", "Look at data") { info };
    }

    private static int Run(Screen screen, string path, CancellationToken stop)
    {
        using Dataset data = Dataset.Open(path);
        if (data.Count >= ManyItems)
        {
            screen.Line($"Decoding {data.Count:N0} {data.Word} …");
        }

        switch (data)
        {
            case PictureDataset pictures:
                PictureSummary seen = pictures.Inspect();
                stop.ThrowIfCancellationRequested();
                screen.Result(PictureSummaryScreen.Report(seen), ResultJson.Default.DataReport);
                Show(screen, () => PictureSummaryScreen.Show(seen, screen), seen.Broken, seen.Warnings);
                break;
            case SoundDataset sounds:
                SoundSummary heard = sounds.Inspect();
                stop.ThrowIfCancellationRequested();
                screen.Result(SoundSummaryScreen.Report(heard), ResultJson.Default.SoundReport);
                Show(screen, () => SoundSummaryScreen.Show(heard, screen), heard.Broken, heard.Warnings);
                break;
            case TextDataset texts:
                TextReport found = TextSummaryScreen.Report(texts);
                screen.Result(found, ResultJson.Default.TextReport);
                Show(screen, () => TextSummaryScreen.Show(found, screen), found.Broken, found.Warnings);
                break;
            default:
                throw new TacitException($"'{path}' holds {data.Word}, of which there is nothing more to say.");
        }

        return ExitCode.Done;
    }

    /// <summary>The facts, then what is broken by name, then what is odd about the whole; nothing of it where a program asked.</summary>
    private static void Show(Screen screen, Action facts, IReadOnlyList<BrokenItem> broken, IReadOnlyList<string> warnings)
    {
        if (screen.Json)
        {
            return;
        }

        facts();
        foreach (BrokenItem item in broken.Take(ShownBroken))
        {
            screen.Warn($"{item.Name}: {item.Reason}");
        }

        if (broken.Count > ShownBroken)
        {
            screen.Warn($"… and {broken.Count - ShownBroken:N0} more broken files; --json lists all.");
        }

        foreach (string warning in warnings)
        {
            screen.Warn(warning);
        }
    }
}
