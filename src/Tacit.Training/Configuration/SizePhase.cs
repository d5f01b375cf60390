using System.Globalization;
using Tacit.Methods;

namespace Tacit.Training;

/// <summary>A part of the run during which views have one side.</summary>
/// <param name="Side">Pixels.</param>
/// <param name="Share">Share of the run's steps; null shares what the others leave equally.</param>
public sealed record SizePhase(int Side, double? Share)
{
    /// <summary>Reads <c>24</c> or <c>24@0.3</c>.</summary>
    /// <exception cref="FormatException">Neither of the two forms, or a share outside 0 to 1.</exception>
    public static SizePhase Parse(string text)
    {
        string[] parts = text.Split('@', StringSplitOptions.TrimEntries);
        double share = 0;
        if (parts.Length > 2
            || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int side)
            || (parts.Length == 2 && !double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out share)))
        {
            throw new FormatException("is not a list of sides such as [16@0.3, 24@0.3, 32], each with its share of the steps");
        }

        if (side is < 4 or > 4096)
        {
            throw new FormatException("is out of range: a side must be from 4 to 4096 pixels");
        }

        return parts.Length == 2 && (share <= 0 || share > 1)
            ? throw new FormatException("is out of range: a share must be above 0, at most 1")
            : new SizePhase(side, parts.Length == 2 ? share : null);
    }

    public override string ToString() =>
        Share is { } share ? $"{Side}@{share.ToString("R", CultureInfo.InvariantCulture)}" : Side.ToString(CultureInfo.InvariantCulture);

    /// <summary>The first step of each phase and its side, for a run of that many steps.</summary>
    /// <exception cref="ConfigurationException">The shares do not add up to the whole run.</exception>
    public static IReadOnlyList<(long FirstStep, int Side)> Plan(IReadOnlyList<SizePhase> phases, long steps)
    {
        double given = phases.Sum(p => p.Share ?? 0);
        int open = phases.Count(p => p.Share is null);
        if (given > 1 + 1e-6 || (open == 0 && given < 1 - 1e-6) || (open > 0 && given > 1 - 1e-6))
        {
            throw new ConfigurationException($"data.sizes: the shares add up to {given:0.###}; they must add up to 1, or leave something for the sides without a share.");
        }

        var plan = new List<(long, int)>(phases.Count);
        double begin = 0;
        foreach (SizePhase phase in phases)
        {
            plan.Add(((long)Math.Round(begin * steps), phase.Side));
            begin += phase.Share ?? ((1 - given) / open);
        }

        return plan;
    }

    /// <summary>The side at one step of a plan.</summary>
    public static int SideAt(IReadOnlyList<(long FirstStep, int Side)> plan, long step)
    {
        int side = plan[0].Side;
        foreach ((long first, int s) in plan)
        {
            side = step >= first ? s : side;
        }

        return side;
    }
}
