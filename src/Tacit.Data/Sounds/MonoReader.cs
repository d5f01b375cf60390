namespace Tacit.Data.Sounds;

/// <summary>Streams a sound as the mean of its channels at a rate: however long it is, a piece of it is in memory. Not thread-safe.</summary>
public sealed class MonoReader : IDisposable
{
    private const int PieceFrames = 4096;
    private readonly Resampler resampler;
    private readonly float[] interleaved;
    private readonly float[] mono = new float[PieceFrames];
    private readonly float[] ready;
    private int begin;
    private int end;
    private bool hasEnded;

    /// <param name="source">At its start; taken over.</param>
    /// <param name="rate">Hz; 0 for the sound's own.</param>
    /// <exception cref="SoundException">A rate outside 1 kHz to 1 MHz.</exception>
    public MonoReader(SoundReader source, int rate)
    {
        ArgumentNullException.ThrowIfNull(source);
        Source = source;
        Rate = rate == 0 ? source.Info.Rate : rate;
        if (Rate is < SoundLimits.MinRate or > SoundLimits.MaxRate)
        {
            source.Dispose();
            throw new SoundException($"A rate of {rate} Hz is asked for; rates from {SoundLimits.MinRate} to {SoundLimits.MaxRate} Hz are made.");
        }

        resampler = new Resampler(source.Info.Rate, Rate);
        interleaved = new float[PieceFrames * source.Info.Channels];
        ready = new float[resampler.MaxOutput(PieceFrames)];
    }

    /// <summary>What is read.</summary>
    public SoundReader Source { get; }

    /// <summary>Samples a second.</summary>
    public int Rate { get; }

    /// <summary>Samples in all, at <see cref="Rate"/>; -1 where the file does not say.</summary>
    public long Length => Source.Info.Frames < 0 ? -1 : resampler.OutputLength(Source.Info.Frames);

    /// <summary>Lets the next read begin at a sample, counted at <see cref="Rate"/>: the same samples follow as if all had been read.</summary>
    public void Seek(long sample)
    {
        Source.Seek(resampler.Begin(sample));
        (begin, end, hasEnded) = (0, 0, false);
    }

    /// <summary>The next samples.</summary>
    /// <returns>How many were written: fewer than asked for at the end only, where it is 0.</returns>
    /// <exception cref="SoundException">The data are truncated or corrupt, or there are none.</exception>
    public int Read(Span<float> samples)
    {
        int total = 0;
        while (total < samples.Length && (begin < end || Refill()))
        {
            int count = Math.Min(end - begin, samples.Length - total);
            ready.AsSpan(begin, count).CopyTo(samples[total..]);
            begin += count;
            total += count;
        }

        return total;
    }

    public void Dispose() => Source.Dispose();

    private bool Refill()
    {
        begin = 0;
        end = 0;
        while (end == 0 && !hasEnded)
        {
            int frames = Source.Read(interleaved) / Source.Info.Channels;
            hasEnded = frames == 0;
            SoundCheck.Mix(interleaved.AsSpan(0, frames * Source.Info.Channels), Source.Info.Channels, mono.AsSpan(0, frames));
            end = hasEnded ? resampler.Finish(ready) : resampler.Push(mono.AsSpan(0, frames), ready);
        }

        return end > 0;
    }
}
