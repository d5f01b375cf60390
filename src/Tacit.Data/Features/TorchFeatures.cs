using Tacit.Tensors;
using Tacit.Tensors.Simd;

namespace Tacit.Data.Features;

/// <summary>
/// What torchaudio's transforms have in common: a short-time Fourier transform as torch.stft makes it. Unlike torch, sound that
/// is shorter than the mirror image at its ends is mirrored as often as that takes.
/// </summary>
public abstract unsafe class TorchFeatures : SoundFeatures
{
    private readonly SpectrogramOptions options;
    private readonly FrameCutter cutter;
    private readonly Fft fft;
    private readonly float[] window;        // pinned
    private readonly int margin;            // zeros on the left of the window

    private protected TorchFeatures(SpectrogramOptions options, int dim)
        : base(options.SampleRate, dim, options.Hop)
    {
        this.options = options;
        margin = (options.NFft - options.Win) / 2;
        cutter = new FrameCutter(options.Win, Shift, (options.Center ? options.NFft / 2 : 0) - margin, repeatsEdge: false);
        fft = new Fft(options.NFft);
        window = WindowFunction.Make(options.Window, options.Win, periodic: true);
    }

    private protected int Bins => fft.Bins;

    public override int Frames(int samples) =>
        options.Center ? (samples == 0 ? 0 : 1 + (samples / Shift))
        : samples < options.NFft ? 0
        : 1 + ((samples - options.NFft) / Shift);

    /// <summary>|X|^power of a block of frames, [Bins, lanes].</summary>
    private protected void Spectrum<V>(float* samples, int length, int first, int frames, float* spectrum)
        where V : struct, IVec<V>
    {
        int lanes = V.Count, room = (fft.Size + 2) * lanes;
        using Scratch scratch = Scratch.Rent(2 * room);
        float* x = scratch.Data;
        new Span<float>(x, room).Clear();
        float* middle = x + (margin * lanes);
        cutter.Cut(samples, length, first, frames, lanes, middle);
        fixed (float* w = window)
        {
            for (int t = 0; t < window.Length; t++)
            {
                (V.Load(middle + (t * lanes)) * V.Broadcast(w[t])).Store(middle + (t * lanes));
            }
        }

        float* z = fft.Forward<V>(x, x + room);
        for (int k = 0; k < Bins; k++, z += 2 * lanes)
        {
            V re = V.Load(z), im = V.Load(z + lanes);
            V power = V.Fma(re, re, im * im);
            (options.Power == 1 ? V.Sqrt(power) : power).Store(spectrum + (k * lanes));
        }
    }
}
