using Tacit.Nn;

namespace Tacit.Models;

/// <summary>Starting values N(0, 0.02) of published transformers, made for their width of 768.</summary>
public static class NarrowInit
{
    private const float Deviation = 0.02f, Width = 768;

    /// <summary>
    /// N(0, 0.02) for a matrix whose smaller side is at least 768; for narrower ones wider by √(768 / side), so that what a branch adds
    /// begins as large as in the published networks. At 0.02 a network of width 192 begins with branches half as strong, and methods
    /// that tell hidden frames stay for long at the mean of all frames.
    /// </summary>
    public static Initializer For(int input, int output) => Initializers.Normal(Deviation * MathF.Max(1, MathF.Sqrt(Width / Math.Min(input, output))));
}
