namespace Tacit.Data.Sounds;

/// <summary>A sound that is decoded piece by piece as it is read: no more than a block of it is ever in memory. Not thread-safe.</summary>
public abstract class SoundReader : IDisposable
{
    private readonly List<string> warnings = [];

    /// <summary>What the headers say.</summary>
    public SoundInfo Info { get; private protected init; }

    /// <summary>The frame that the next read begins with.</summary>
    public long Position { get; private protected set; }

    /// <summary>What is odd about the file although it can be read, in sentences.</summary>
    public IReadOnlyList<string> Warnings => warnings;

    /// <summary>The next frames, channels interleaved; integers are scaled by 2^(bits - 1) to [-1, 1), floats are given as they are.</summary>
    /// <returns>The number of samples written (frames × channels); 0 at the end, and nowhere else if there is room for a frame.</returns>
    /// <exception cref="SoundException">The data are truncated or corrupt, a sample is not a finite number, or there is none at all.</exception>
    public abstract int Read(Span<float> interleaved);

    /// <summary>As <see cref="Read"/>, but the integers as stored (unsigned bytes less 128, A-law and µ-law expanded to 16 bits).</summary>
    /// <exception cref="SoundException">As <see cref="Read"/>, or the samples are floats.</exception>
    public abstract int ReadIntegers(Span<int> interleaved);

    /// <summary>Lets the next read begin at a frame; behind the last one, it reads nothing.</summary>
    /// <exception cref="SoundException">The data are corrupt where the frame should be.</exception>
    /// <exception cref="InvalidOperationException">The frame lies behind in a stream that cannot go back.</exception>
    public abstract void Seek(long frame);

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);

    private protected void Warn(string sentence) => warnings.Add(sentence);
}
