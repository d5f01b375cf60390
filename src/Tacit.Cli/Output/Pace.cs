using System.Diagnostics;

namespace Tacit.Cli;

/// <summary>How often progress is shown: four times a second to a person, every ten seconds to a log.</summary>
internal sealed class Pace(bool interactive)
{
    private readonly TimeSpan interval = interactive ? TimeSpan.FromSeconds(0.25) : TimeSpan.FromSeconds(10);
    private long last = Stopwatch.GetTimestamp();

    /// <summary>True when the time has come; it then begins to count again.</summary>
    public bool IsDue
    {
        get
        {
            if (Stopwatch.GetElapsedTime(last) < interval)
            {
                return false;
            }

            last = Stopwatch.GetTimestamp();
            return true;
        }
    }
}
