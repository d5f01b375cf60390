using Tacit.Tensors;

namespace Tacit.Nn;

/// <summary>A table moved so that the mean of its rows is the origin: distances stay, and lose no digits far from it.</summary>
internal static class Centred
{
    /// <param name="features">[N, D], at least one row.</param>
    /// <param name="unit">Whether rows are brought to length 1 before.</param>
    /// <returns>A long-lived copy.</returns>
    /// <exception cref="TacitException">A feature is not finite.</exception>
    public static unsafe Tensor Of(Tensor features, bool unit = false)
    {
        if (features.Rank != 2 || features.Shape[0] < 1 || features.Shape[1] < 1)
        {
            throw ShapeException.Unfit("Projection", features.Shape, "it takes [N, D] with at least one row");
        }

        int n = features.Shape[0], dim = features.Shape[1];
        Tensor copy = features.ToLasting();
        var mean = new double[dim];
        for (int i = 0; i < n; i++)
        {
            float* row = copy.Data + ((long)i * dim);
            float scale = unit ? UnitLength.Scale(row, dim) : 1;
            for (int d = 0; d < dim; d++)
            {
                row[d] *= scale;
                mean[d] += row[d];
            }
        }

        if (!Array.TrueForAll(mean, double.IsFinite))
        {
            throw new TacitException("A projection met a value that is not finite; the features it was given have diverged.");
        }

        for (int i = 0; i < n; i++)
        {
            float* row = copy.Data + ((long)i * dim);
            for (int d = 0; d < dim; d++)
            {
                row[d] = (float)(row[d] - (mean[d] / n));
            }
        }

        return copy;
    }
}
