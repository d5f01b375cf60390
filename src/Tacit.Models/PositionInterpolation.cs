using Tacit.Tensors;

namespace Tacit.Models;

/// <summary>Carries learned positions from one grid to another, as a matrix, so that gradients reach what was learned.</summary>
/// <remarks>Bicubic (Keys 1981, a = -0.75), edges repeated, corners not aligned: as torch.nn.functional.interpolate.</remarks>
internal static class PositionInterpolation
{
    private const double A = -0.75;

    /// <summary>[newRows · newColumns, rows · columns]: multiplied with positions [rows · columns, D] it gives those of the new grid.</summary>
    public static Tensor Matrix((int Rows, int Columns) from, (int Rows, int Columns) to)
    {
        double[,] vertical = Axis(from.Rows, to.Rows), horizontal = Axis(from.Columns, to.Columns);
        int old = from.Rows * from.Columns;
        var matrix = Tensor.Lasting(new Shape(to.Rows * to.Columns, old));
        for (int place = 0; place < to.Rows * to.Columns; place++)
        {
            for (int source = 0; source < old; source++)
            {
                matrix.Span[(place * old) + source] = (float)(
                    vertical[place / to.Columns, source / from.Columns] * horizontal[place % to.Columns, source % from.Columns]);
            }
        }

        return matrix;
    }

    /// <summary>How much of each old place a new place takes, along one axis.</summary>
    private static double[,] Axis(int from, int to)
    {
        var weights = new double[to, from];
        for (int i = 0; i < to; i++)
        {
            double at = ((i + 0.5) * from / to) - 0.5;
            int floor = (int)Math.Floor(at);
            for (int tap = -1; tap <= 2; tap++)
            {
                weights[i, Math.Clamp(floor + tap, 0, from - 1)] += Cubic(Math.Abs(at - floor - tap));
            }
        }

        return weights;
    }

    private static double Cubic(double x) =>
        x <= 1 ? ((((A + 2) * x) - (A + 3)) * x * x) + 1
        : x < 2 ? (((((x - 5) * x) + 8) * x) - 4) * A
        : 0;
}
