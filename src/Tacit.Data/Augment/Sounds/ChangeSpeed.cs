using Tacit.Tensors;
using Tacit.Tensors.Simd;

namespace Tacit.Data.Augment;

/// <summary>Speeds drawn evenly. The defaults span the three speeds of Ko et al.</summary>
/// <remarks>Ko et al. 2015, "Audio augmentation for speech recognition".</remarks>
public sealed record SpeedOptions
{
    public float MinSpeed { get; init; } = 0.9f;

    public float MaxSpeed { get; init; } = 1.1f;

    /// <exception cref="TacitException">A value is out of its range.</exception>
    public void Validate() => Check.Range("the speed", MinSpeed, MaxSpeed, 0.1f, 10);
}

/// <summary>
/// Plays a sound faster or slower, pitch and all: y[t] = x(speed · t) between the samples, by a sinc under a Hann window of 16 crossings
/// on either side; what would fold back at higher speeds is filtered out.
/// </summary>
public static unsafe class ChangeSpeed
{
    private const int Crossings = 16;
    private const int Steps = 512;      // of the table between two crossings, with straight lines between them
    private const int Phases = 256;     // between two samples, with straight lines between them
    private const int Widest = 16;      // lanes of the widest register

    private static readonly float[] Table = MakeTable();

    /// <summary>Samples that so many become.</summary>
    public static int Length(int samples, float speed) => (int)Math.Round(samples / (double)speed, MidpointRounding.AwayFromZero);

    /// <summary>The sound at another speed, Length(sound.Length, speed) samples.</summary>
    public static float[] Apply(ReadOnlySpan<float> sound, float speed)
    {
        float[] changed = new float[Length(sound.Length, speed)];
        Write(sound, speed, changed);
        return changed;
    }

    /// <summary>Writes the first changed.Length samples of the sound at another speed; 0 lies around it.</summary>
    public static void Write(ReadOnlySpan<float> sound, double speed, Span<float> changed)
    {
        if (speed == 1 && changed.Length <= sound.Length)
        {
            sound[..changed.Length].CopyTo(changed);
            return;
        }

        if (sound.IsEmpty)
        {
            changed.Clear();
            return;
        }

        // Rows of weights for sounds that begin p / Phases of a sample later, and silence around the sound for their reach.
        double cutoff = Math.Min(1, 1 / speed);
        int reach = (int)Math.Ceiling(Crossings / cutoff), row = ((2 * reach) + Widest - 1) / Widest * Widest;
        int ahead = Math.Max(0, (int)(changed.Length * speed) + 1 - sound.Length);
        int padded = checked(sound.Length + ahead + reach + row);
        using Scratch scratch = Scratch.Rent(checked(padded + (row * (Phases + 1))));
        var silence = new Span<float>(scratch.Data, padded);
        silence.Clear();
        sound.CopyTo(silence[(reach - 1)..]);
        float* weights = scratch.Data + padded;
        for (int p = 0; p <= Phases; p++)
        {
            for (int j = 0; j < row; j++)
            {
                weights[(p * row) + j] = (float)(cutoff * Kernel(Math.Abs(j - reach + 1 - ((double)p / Phases)) * cutoff));
            }
        }

        fixed (float* y = changed)
        {
            var action = new Action(scratch.Data, weights, row, speed, y, changed.Length);
            Width.Dispatch(ref action);
        }
    }

    /// <summary>Draws a speed and gives the sound at it.</summary>
    public static float[] Run(ReadOnlySpan<float> sound, SpeedOptions options, ref RandomSequence random) =>
        Apply(sound, random.NextUniform(options.MinSpeed, options.MaxSpeed));

    private readonly struct Action(float* x, float* weights, int row, double speed, float* y, int length) : IWidthAction
    {
        public void Invoke<V>()
            where V : struct, IVec<V>
        {
            for (int t = 0; t < length; t++)
            {
                // Between two phases, straight lines.
                double at = t * speed;
                int sample = (int)at;
                double phase = (at - sample) * Phases;
                int p = (int)phase;
                float* from = x + sample;
                float* w = weights + (p * row);
                V low = V.Zero, high = V.Zero;
                for (int j = 0; j < row; j += V.Count)
                {
                    V samples = V.Load(from + j);
                    low = V.Fma(samples, V.Load(w + j), low);
                    high = V.Fma(samples, V.Load(w + row + j), high);
                }

                V part = V.Broadcast((float)(phase - p));
                y[t] = V.Fma(part, high - low, low).Sum();
            }
        }
    }

    /// <summary>The windowed sinc, by the number of crossings from its middle.</summary>
    private static double Kernel(double x)
    {
        if (x >= Crossings)
        {
            return 0;
        }

        double place = x * Steps;
        int step = (int)place;
        return Table[step] + ((place - step) * (Table[step + 1] - Table[step]));
    }

    private static float[] MakeTable()
    {
        float[] table = new float[(Crossings * Steps) + 2];
        table[0] = 1;
        for (int i = 1; i <= Crossings * Steps; i++)
        {
            double x = Math.PI * i / Steps;
            table[i] = (float)(Math.Sin(x) / x * (0.5 + (0.5 * Math.Cos(x / Crossings))));
        }

        return table;
    }
}
