namespace Tacit.Data.Features;

/// <summary>Features with their deltas behind them in every row, [frames, Dim of the features · (orders + 1)].</summary>
public sealed unsafe class WithDeltas : SoundFeatures
{
    private readonly SoundFeatures source;
    private readonly int orders, winLength;

    /// <param name="features">What deltas are taken of.</param>
    /// <param name="orders">1 for deltas, 2 for deltas of deltas too.</param>
    /// <param name="winLength">Frames of the window, odd and at least 3.</param>
    public WithDeltas(SoundFeatures features, int orders = 2, int winLength = 5)
        : base(features.SampleRate, features.Dim * (orders + 1), features.Shift)
    {
        (source, this.orders, this.winLength) = (features, orders, winLength);
    }

    /// <summary>The 39 numbers whose clusters are HuBERT's first targets: 13 Kaldi MFCC, deltas, and their deltas, 100 frames a second.</summary>
    /// <remarks>Hsu et al. 2021, arXiv:2106.07447, section IV-B.</remarks>
    public static WithDeltas HubertMfcc() => new(new KaldiMfcc(new KaldiMfccOptions()));

    public override int Frames(int samples) => source.Frames(samples);

    public override void Write(ReadOnlySpan<float> samples, Span<float> features)
    {
        int frames = Expect(samples.Length, features.Length), dim = source.Dim;

        // Rows are written densely at the front, then spread out from the last to the first.
        source.Write(samples, features[..(frames * dim)]);
        for (int t = frames - 1; t > 0; t--)
        {
            features.Slice(t * dim, dim).CopyTo(features.Slice(t * Dim, dim));
        }

        Deltas.Append(features, dim, orders, winLength);
    }

    internal override void Block<V>(float* samples, int length, int first, int frames, float* features) =>
        throw new NotSupportedException("Deltas need the frames around them.");
}
