using Tacit.Tensors;
using Tacit.Tensors.Simd;

namespace Tacit.Data.Features;

/// <summary>
/// What is computed for every frame of a mono sound. Made once per configuration; threads may share it, and a call
/// allocates nothing but what it returns.
/// </summary>
public abstract unsafe class SoundFeatures
{
    private protected SoundFeatures(double sampleRate, int dim, int shift)
    {
        SampleRate = sampleRate;
        Dim = dim;
        Shift = shift;
    }

    /// <summary>The rate, in samples per second, that a sound must have.</summary>
    public double SampleRate { get; }

    /// <summary>Numbers per frame.</summary>
    public int Dim { get; }

    /// <summary>Samples from one frame to the next.</summary>
    public int Shift { get; }

    /// <summary>How many frames so many samples give; 0 where they are too few for one.</summary>
    public abstract int Frames(int samples);

    /// <summary>The features of a sound, [frames, Dim] row-major.</summary>
    public float[] Compute(ReadOnlySpan<float> samples)
    {
        float[] features = new float[checked(Frames(samples.Length) * Dim)];
        Write(samples, features);
        return features;
    }

    /// <summary>Writes the features of a sound, [Frames(samples.Length), Dim] row-major.</summary>
    /// <exception cref="ArgumentException">The target has another length.</exception>
    public virtual void Write(ReadOnlySpan<float> samples, Span<float> features)
    {
        int frames = Expect(samples.Length, features.Length);
        if (frames == 0)
        {
            return;
        }

        fixed (float* x = samples, y = features)
        {
            var action = new Action(this, x, samples.Length, y, frames);
            Width.Dispatch(ref action);
        }
    }

    private protected int Expect(int samples, int length)
    {
        int frames = Frames(samples);
        if (length != (long)frames * Dim)
        {
            throw new ArgumentException($"{samples} samples give [{frames}, {Dim}] features; the target holds {length} numbers.");
        }

        return frames;
    }

    /// <summary>
    /// The features [Dim, lanes] of as many frames as a register has lanes, from <paramref name="first"/> on. Frames from
    /// <paramref name="frames"/> on may be anything.
    /// </summary>
    internal abstract void Block<V>(float* samples, int length, int first, int frames, float* features)
        where V : struct, IVec<V>;

    private readonly struct Action(SoundFeatures owner, float* samples, int length, float* features, int frames) : IWidthAction
    {
        public void Invoke<V>()
            where V : struct, IVec<V>
        {
            int lanes = V.Count, dim = owner.Dim;
            using Scratch block = Scratch.Rent(dim * lanes);
            for (int first = 0; first < frames; first += lanes)
            {
                owner.Block<V>(samples, length, first, frames, block.Data);
                for (int lane = 0; lane < Math.Min(lanes, frames - first); lane++)
                {
                    float* from = block.Data + lane;
                    float* to = features + ((nint)(first + lane) * dim);
                    for (int d = 0; d < dim; d++)
                    {
                        to[d] = from[d * lanes];
                    }
                }
            }
        }
    }
}
