namespace Tacit.Data.Features;

/// <summary>Cuts overlapping frames out of a sound and lays them side by side, one per lane; what lies before or behind the sound is its mirror image.</summary>
/// <param name="size">Samples per frame.</param>
/// <param name="shift">Samples from one frame to the next.</param>
/// <param name="before">How many samples before the sound the first frame begins.</param>
/// <param name="repeatsEdge">True where the mirror image begins with the outermost sample again (Kaldi), false where it does not (torch's "reflect").</param>
internal readonly unsafe struct FrameCutter(int size, int shift, int before, bool repeatsEdge)
{
    /// <summary>Writes [size, lanes]. Lanes from the last frame on repeat it.</summary>
    public void Cut(float* samples, int length, int first, int frames, int lanes, float* target)
    {
        for (int lane = 0; lane < lanes; lane++)
        {
            long start = ((long)Math.Min(first + lane, frames - 1) * shift) - before;
            float* to = target + lane;
            if (start >= 0 && start + size <= length)
            {
                float* from = samples + start;
                for (int t = 0; t < size; t++)
                {
                    to[t * lanes] = from[t];
                }
            }
            else
            {
                for (int t = 0; t < size; t++)
                {
                    to[t * lanes] = samples[Mirror(start + t, length)];
                }
            }
        }
    }

    private int Mirror(long at, int length)
    {
        if (length == 1)
        {
            return 0;
        }

        // Period, and what the second half of it is counted down from.
        int fold = repeatsEdge ? (2 * length) - 1 : (2 * length) - 2;
        int period = repeatsEdge ? 2 * length : fold;
        int place = (int)(((at % period) + period) % period);
        return place < length ? place : fold - place;
    }
}
