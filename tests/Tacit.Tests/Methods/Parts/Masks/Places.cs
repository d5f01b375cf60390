using Tacit.Methods;
using Xunit;

namespace Tacit.Tests.Methods.Parts.Masks;

/// <summary>What every mask must be.</summary>
internal static class Places
{
    /// <summary>Kept and masked places of each item are together every place once, both ascending.</summary>
    public static void AreSplit(Mask mask)
    {
        for (int item = 0; item < mask.Items; item++)
        {
            int[] kept = mask.Kept[(item * mask.KeptCount)..((item + 1) * mask.KeptCount)];
            int[] masked = mask.Masked[(item * mask.MaskedCount)..((item + 1) * mask.MaskedCount)];
            Assert.Equal(Enumerable.Range(0, mask.Places), kept.Concat(masked).Order());
            Assert.Equal(kept.Order(), kept);
            Assert.Equal(masked.Order(), masked);
        }
    }
}
