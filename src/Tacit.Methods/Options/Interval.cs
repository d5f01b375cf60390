using System.Globalization;

namespace Tacit.Methods;

/// <summary>The numbers an option may take.</summary>
/// <param name="Low">Smallest value.</param>
/// <param name="High">Largest value.</param>
/// <param name="OpenLow">Whether the smallest value itself is left out.</param>
/// <param name="OpenHigh">Whether the largest value itself is left out.</param>
public readonly record struct Interval(double Low, double High, bool OpenLow = false, bool OpenHigh = false)
{
    /// <summary>0 and above.</summary>
    public static Interval NotNegative => new(0, double.PositiveInfinity, OpenHigh: true);

    /// <summary>Above 0.</summary>
    public static Interval Positive => new(0, double.PositiveInfinity, OpenLow: true, OpenHigh: true);

    /// <summary>0 to 1, both included.</summary>
    public static Interval Fraction => new(0, 1);

    /// <summary>0 to 1, without 1 itself.</summary>
    public static Interval BelowOne => new(0, 1, OpenHigh: true);

    /// <summary>What a softmax can be divided by.</summary>
    public static Interval Temperature => new(1e-4, 1e4);

    public static Interval AtLeast(double low) => new(low, double.PositiveInfinity, OpenHigh: true);

    public bool Contains(double value) =>
        (OpenLow ? value > Low : value >= Low) && (OpenHigh ? value < High : value <= High);

    /// <summary>As a sentence goes on: "at least 1", "from 0 to 1".</summary>
    public override string ToString()
    {
        string low = Low.ToString("R", CultureInfo.InvariantCulture), high = High.ToString("R", CultureInfo.InvariantCulture);
        return (double.IsPositiveInfinity(High), OpenLow, OpenHigh) switch
        {
            (true, true, _) => $"above {low}",
            (true, false, _) => $"at least {low}",
            (_, false, false) => $"from {low} to {high}",
            (_, true, false) => $"above {low}, at most {high}",
            (_, false, true) => $"from {low} to below {high}",
            _ => $"between {low} and {high}",
        };
    }
}
