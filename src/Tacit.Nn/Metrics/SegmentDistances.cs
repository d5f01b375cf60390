using Tacit.Tensors;

namespace Tacit.Nn;

/// <summary>How far segments of different lengths are apart: the mean angular distance of their frames along the best warping in time.</summary>
/// <remarks>Schatz et al. 2013, section 2: what ABX compares segments by.</remarks>
public static class SegmentDistances
{
    /// <param name="segments">[T, D] each, T at least 1, D the same for all.</param>
    /// <returns>[S, S], symmetric, zeros on the diagonal; from 0 to 1.</returns>
    public static float[,] Of(IReadOnlyList<Tensor> segments)
    {
        var distances = new float[segments.Count, segments.Count];
        var body = new Body(segments, distances);
        WorkerPool.Shared.For(segments.Count, ref body);
        return distances;
    }

    /// <summary>One segment and all after it.</summary>
    private readonly struct Body(IReadOnlyList<Tensor> segments, float[,] distances) : IBlockBody
    {
        public void Invoke(int block)
        {
            for (int j = block + 1; j < segments.Count; j++)
            {
                float[] frames = FrameDistances.Between(segments[block], segments[j], FrameDistance.Angular);
                float mean = (float)Dtw.Align(frames, segments[block].Shape[0], segments[j].Shape[0]).Mean;
                distances[block, j] = mean;
                distances[j, block] = mean;
            }
        }
    }
}
