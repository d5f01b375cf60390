namespace Tacit.Nn;

/// <summary>Rows brought to length 1; a row of zeros stays one.</summary>
internal static unsafe class UnitLength
{
    /// <summary>1 / ‖row‖, with at least 1e-12 for the norm.</summary>
    public static float Scale(float* row, int dim) => (float)(1 / Math.Max(Math.Sqrt(SquareSum.Of(row, dim)), 1e-12));
}
