using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>Log-mel pictures of a batch brought to mean 0 and deviation 1 together, since mixing and cropping have moved them.</summary>
/// <remarks>Niizumi et al. 2021, arXiv:2103.06695, section III-B: normalisation after augmentation, by the batch's own statistics.</remarks>
internal static class BatchScale
{
    /// <summary>A copy of the views; padding takes no part and stays 0.</summary>
    /// <param name="views">[N, T, ..]</param>
    /// <param name="lengths">How much of each is sound; null for all of it.</param>
    public static Tensor Of(Tensor views, int[]? lengths)
    {
        int items = views.Shape[0], row = views.Length / items, step = row / views.Shape[1];
        double count = 0, sum = 0, squares = 0;
        for (int n = 0; n < items; n++)
        {
            foreach (float x in views.Span.Slice(n * row, Valid(n)))
            {
                count++;
                sum += x;
                squares += (double)x * x;
            }
        }

        double mean = sum / count, deviation = Math.Sqrt(Math.Max(0, (squares / count) - (mean * mean)));
        float scale = (float)(1 / Math.Max(deviation, 1e-6)), shift = (float)mean;
        Tensor scaled = Tensor.From(views.Span, views.Shape);
        for (int n = 0; n < items; n++)
        {
            foreach (ref float x in scaled.Span.Slice(n * row, Valid(n)))
            {
                x = (x - shift) * scale;
            }
        }

        return scaled;

        int Valid(int item) => lengths is null ? row : lengths[item] * step;
    }
}
