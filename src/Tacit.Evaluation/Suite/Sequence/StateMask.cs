using Tacit.Data.Augment;
using Tacit.Tensors;

namespace Tacit.Evaluation.Suite.Sequence;

/// <summary>SpecAugment on states: stretches of time and bands of their numbers are set to 0, in every layer the same, before a head sees them.</summary>
/// <remarks>
/// As the benchmark's speech recognition does to features (Park et al. 2019, arXiv:1904.08779): two stretches of up to 0.8 s and two bands of up
/// to a tenth of the width, without a warp; no stretch takes more than a fifth of a recording, as these are short.
/// </remarks>
internal static class StateMask
{
    private const double LongestSeconds = 0.8;
    private const float LargestShare = 0.2f;
    private const int WidestBand = 10;

    private static readonly ulong Stream = Philox.Hash("state mask");

    /// <summary>Masks a batch in place.</summary>
    /// <param name="states">[L, N, T, D]</param>
    /// <param name="lengths">States of each item.</param>
    /// <param name="stateRate">States a second.</param>
    /// <param name="seed">Of the masks.</param>
    /// <param name="step">Each step has its own.</param>
    public static void Run(Tensor states, int[] lengths, double stateRate, ulong seed, long step)
    {
        (int layers, int items, int frames, int width) = (states.Shape[0], states.Shape[1], states.Shape[2], states.Shape[3]);
        var options = new SpecAugmentOptions
        {
            TimeWarp = 0,
            TimeMask = (int)(LongestSeconds * stateRate),
            MaxTimeFraction = LargestShare,
            FrequencyMask = width / WidestBand,
        };
        for (int n = 0; n < items; n++)
        {
            for (int l = 0; l < layers; l++)
            {
                var random = new RandomSequence(seed, Philox.Mix(Stream, (ulong)n), step);
                SpecAugment.Run(states.Span.Slice(((l * items) + n) * frames * width, lengths[n] * width), width, options, ref random);
            }
        }
    }
}
