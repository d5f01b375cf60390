namespace Tacit.Evaluation.Suite.Sequence;

/// <summary>Where somebody speaks in a clean recording, by its energy.</summary>
/// <remarks>
/// The rule, for recordings as clean as read books: a block of 10 ms is speech where its power, averaged with its two neighbours', is within
/// 30 dB of the recording's loud blocks (the twentieth part that is loudest); then gaps of less than 0.2 s are speech, as closures of plosives are,
/// and what is left of less than 0.05 s is not.
/// </remarks>
internal static class SpeechActivity
{
    /// <summary>Blocks a second.</summary>
    public const int Rate = 100;

    private const double Below = 30, LoudShare = 0.05;
    private const int ShortestGap = 20, ShortestSpeech = 5;

    /// <summary>For each block of 10 ms whether it is speech; a last block that is not full belongs to the one before.</summary>
    /// <param name="samples">One channel.</param>
    /// <param name="rate">Samples a second.</param>
    public static bool[] Of(ReadOnlySpan<float> samples, int rate)
    {
        int size = rate / Rate, count = samples.Length / size;
        var power = new double[count];
        for (int t = 0; t < count; t++)
        {
            power[t] = System.Numerics.Tensors.TensorPrimitives.SumOfSquares(samples.Slice(t * size, size)) / (double)size;
        }

        double[] smooth = [.. power.Select((p, t) => (power[Math.Max(0, t - 1)] + p + power[Math.Min(count - 1, t + 1)]) / 3)];
        double loud = count == 0 ? 0 : smooth.OrderDescending().ElementAt((int)(LoudShare * count));
        double least = loud * Math.Pow(10, -Below / 10);
        bool[] speech = [.. smooth.Select(p => p > 0 && p >= least)];
        Turn(speech, false, ShortestGap, ends: false);
        Turn(speech, true, ShortestSpeech, ends: true);
        return speech;
    }

    /// <summary>What is said at each of so many states a second, by the block in the state's middle.</summary>
    public static bool[] At(bool[] blocks, int states, double stateRate) =>
        [.. Enumerable.Range(0, states).Select(t => (int)((t + 0.5) * Rate / stateRate) is var block && block < blocks.Length && blocks[block])];

    /// <summary>Turns short runs of a value over, those at the ends only where asked.</summary>
    private static void Turn(bool[] values, bool which, int shortest, bool ends)
    {
        for (int first = 0; first < values.Length;)
        {
            int end = first;
            while (end < values.Length && values[end] == values[first])
            {
                end++;
            }

            if (values[first] == which && end - first < shortest && (ends || (first > 0 && end < values.Length)))
            {
                Array.Fill(values, !which, first, end - first);
            }

            first = end;
        }
    }
}
