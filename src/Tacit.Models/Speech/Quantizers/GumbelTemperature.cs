namespace Tacit.Models;

/// <summary>The temperature of drawn choices over training: start · decay^step, but no less than the floor.</summary>
/// <remarks>Baevski et al. 2020, arXiv:2006.11477, section 4.2: from 2 to 0.5 (base) or 0.1 (large).</remarks>
/// <param name="Start">At step 0.</param>
/// <param name="Floor">Never below; reached after 277,259 steps as it is.</param>
/// <param name="Decay">Factor of one step.</param>
public sealed record GumbelTemperature(double Start = 2, double Floor = 0.5, double Decay = 0.999995)
{
    /// <summary>One that reaches its floor after so many steps.</summary>
    public static GumbelTemperature Over(double start, double floor, double steps) => new(start, floor, Math.Pow(floor / start, 1 / Math.Max(1, steps)));

    public float At(long step) => (float)Math.Max(Start * Math.Pow(Decay, step), Floor);
}
