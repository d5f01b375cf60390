using Tacit.Data;

namespace Tacit.Cli;

/// <summary>Says which items could not be used.</summary>
internal static class BrokenFiles
{
    private const int Shown = 5;

    public static void Tell(Dataset data, Screen screen)
    {
        IReadOnlyList<BrokenItem> broken = data.Broken;
        foreach (BrokenItem item in broken.Take(Shown))
        {
            screen.Warn($"{item.Name} was skipped: {item.Reason}");
        }

        if (broken.Count > Shown)
        {
            screen.Warn($"{broken.Count - Shown:N0} more {data.Word} were skipped; 'tacit data info {data.Path}' names them.");
        }
    }
}
