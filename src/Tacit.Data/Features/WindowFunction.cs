namespace Tacit.Data.Features;

/// <summary>What a frame of sound is multiplied by before its Fourier transform. Povey's is Kaldi's own: Hann's to the power 0.85.</summary>
public enum WindowType
{
    Povey,
    Hamming,
    Hanning,
    Rectangular,
    Blackman,
}

internal static class WindowFunction
{
    /// <param name="type">Which one.</param>
    /// <param name="size">Samples of the window.</param>
    /// <param name="periodic">True for a period of <paramref name="size"/> (torch's default), false to end as it began (Kaldi).</param>
    /// <param name="blackman">Blackman's coefficient.</param>
    public static float[] Make(WindowType type, int size, bool periodic, double blackman = 0.42)
    {
        float[] window = GC.AllocateArray<float>(size, pinned: true);
        double turn = 2 * Math.PI / Math.Max(1, periodic ? size : size - 1);
        for (int t = 0; t < size; t++)
        {
            double cos = Math.Cos(turn * t);
            double hann = 0.5 - (0.5 * cos);
            window[t] = (float)(type switch
            {
                WindowType.Povey => Math.Pow(hann, 0.85),
                WindowType.Hanning => hann,
                WindowType.Hamming => 0.54 - (0.46 * cos),
                WindowType.Blackman => blackman - (0.5 * cos) + ((0.5 - blackman) * Math.Cos(2 * turn * t)),
                _ => 1,
            });
        }

        return window;
    }
}
