namespace Tacit.Cli;

/// <summary>Seconds as people read them.</summary>
internal static class Durations
{
    /// <summary>0:07, 2:31, 1:04:00.</summary>
    public static string Clock(double seconds)
    {
        if (!double.IsFinite(seconds))
        {
            return "?";
        }

        var span = TimeSpan.FromSeconds(Math.Max(0, Math.Round(seconds)));
        return span.TotalHours >= 1 ? $"{(int)span.TotalHours}:{span.Minutes:00}:{span.Seconds:00}" : $"{span.Minutes}:{span.Seconds:00}";
    }
}
