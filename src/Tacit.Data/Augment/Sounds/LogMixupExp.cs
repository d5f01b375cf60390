using Tacit.Tensors;
using Tacit.Tensors.Simd;

namespace Tacit.Data.Augment;

/// <summary>Mixes another log-mel spectrogram in as sounds mix: log((1 - λ) e^x + λ e^y).</summary>
/// <remarks>Niizumi et al. 2021, arXiv:2103.06695, equation 4: λ is even in [0, α), α = 0.4.</remarks>
public static unsafe class LogMixupExp
{
    /// <summary>BYOL-A's α.</summary>
    public const float DefaultRatio = 0.4f;

    /// <summary>Mixes in place; λ = 0 changes nothing.</summary>
    /// <param name="x">A log-mel spectrogram.</param>
    /// <param name="y">Another of the same size.</param>
    /// <param name="lambda">The other's share, 0 … 1.</param>
    public static void Apply(Span<float> x, ReadOnlySpan<float> y, float lambda)
    {
        if (x.Length != y.Length)
        {
            throw new ArgumentException($"Spectrograms of {x.Length} and {y.Length} numbers cannot be mixed.");
        }

        if (lambda <= 0 || x.IsEmpty)
        {
            return;
        }

        if (lambda >= 1)
        {
            y.CopyTo(x);
            return;
        }

        fixed (float* px = x, py = y)
        {
            var action = new Action(px, py, x.Length, lambda);
            Width.Dispatch(ref action);
        }
    }

    /// <summary>Draws λ from [0, ratio) and mixes, in place.</summary>
    public static void Run(Span<float> x, ReadOnlySpan<float> y, float ratio, ref RandomSequence random) =>
        Apply(x, y, ratio * random.NextUniform());

    private readonly struct Action(float* x, float* y, int length, float lambda) : IWidthAction
    {
        public void Invoke<V>()
            where V : struct, IVec<V>
        {
            int whole = length - (length % V.Count);
            Mix<V>(x, y, whole);
            Mix<V1>(x + whole, y + whole, length - whole);
        }

        /// <summary>max + log(…), so that nothing overflows.</summary>
        private void Mix<V>(float* x, float* y, int length)
            where V : struct, IVec<V>
        {
            V own = V.Broadcast(1 - lambda), other = V.Broadcast(lambda);
            for (int i = 0; i < length; i += V.Count)
            {
                V a = V.Load(x + i), b = V.Load(y + i), most = V.Max(a, b);
                V sum = V.Fma(own, VecMath.Exp(a - most), other * VecMath.Exp(b - most));
                (most + VecMath.Log(sum)).Store(x + i);
            }
        }
    }
}
