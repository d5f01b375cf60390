using Tacit.Tensors;

namespace Tacit.Models;

/// <summary>The buckets of relative positions: near places have one each, farther ones share, on a logarithmic scale.</summary>
/// <remarks>Raffel et al. 2019, arXiv:1910.10683, section 2.1, as WavLM takes it over (arXiv:2110.13900, eq. 4).</remarks>
internal static class RelativePositions
{
    /// <summary>The bucket of key − query.</summary>
    /// <param name="offset">Key's place minus query's.</param>
    /// <param name="buckets">Half for keys at or before the query, half for keys after it.</param>
    /// <param name="maxDistance">From here on the last bucket of a direction is meant.</param>
    public static int Bucket(int offset, int buckets, int maxDistance)
    {
        int half = buckets / 2, exact = half / 2, distance = Math.Abs(offset), first = offset > 0 ? half : 0;
        if (distance < exact)
        {
            return first + distance;
        }

        // In single precision and in this order, as the published models' own buckets were made.
        float along = MathF.Log((float)distance / exact) / (float)Math.Log((double)maxDistance / exact) * (half - exact);
        return first + Math.Min(half - 1, exact + (int)along);
    }

    /// <summary>The table's rows for each query and key: [buckets, H] to [1, H, T, T].</summary>
    public static Tensor Bias(Tensor table, int frames, int maxDistance)
    {
        var places = new int[frames * frames];
        int[] buckets = [.. Enumerable.Range(1 - frames, Math.Max(0, (2 * frames) - 1)).Select(offset => Bucket(offset, table.Shape[0], maxDistance))];
        for (int query = 0; query < frames; query++)
        {
            for (int key = 0; key < frames; key++)
            {
                places[(query * frames) + key] = buckets[key - query + frames - 1];
            }
        }

        int heads = table.Shape[1];
        return Ops.Transpose(Ops.Embedding(table, places), 1, 0).Reshape(1, heads, frames, frames);
    }
}
