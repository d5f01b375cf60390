using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>Masks places at random, each as likely as any other: MAE's mask.</summary>
/// <remarks>He et al. 2021, arXiv:2111.06377, section 3.</remarks>
public static class RandomMask
{
    /// <summary>A mask for each item, with ⌊places · (1 − ratio)⌋ places kept.</summary>
    /// <exception cref="TacitException">The ratio masks all or none.</exception>
    public static Mask Draw(int items, int places, double ratio, ref RandomSequence random)
    {
        int kept = Mask.Keeps(places, ratio);
        var masked = new bool[items * places];
        int[] order = new int[places];
        for (int item = 0; item < items; item++)
        {
            for (int i = 0; i < places; i++)
            {
                order[i] = i;
            }

            // The first places of a shuffle that stops when all that are masked are drawn (Fisher and Yates).
            for (int i = 0; i < places - kept; i++)
            {
                int j = i + random.NextInt(places - i);
                (order[i], order[j]) = (order[j], order[i]);
                masked[(item * places) + order[i]] = true;
            }
        }

        return Mask.Of(masked, items, places, kept);
    }
}
