using Tacit.Tensors.Simd;

namespace Tacit.Tensors.Kernels;

/// <summary>What a strip reads under one kernel row: the places before, in and behind it, and that row's weights.</summary>
/// <param name="Left">Address of the place before the strip, or of zeros where the picture ends.</param>
/// <param name="Row">Address of the strip's first place.</param>
/// <param name="Right">Address of the place behind the strip, or of zeros.</param>
/// <param name="Weights">Address of [3][channels][vectors · lanes].</param>
internal readonly record struct StripTap(nint Left, nint Row, nint Right, nint Weights);

/// <summary>
/// Neighbouring places of one row of a convolution with three kernel columns and few outputs. Each number that is read serves the three
/// places that it lies under, so that the multiply-adds, not the loads, are what takes the time.
/// </summary>
internal unsafe interface IStrip<V>
    where V : struct, IVec<V>
{
    static abstract int Places { get; }

    static abstract int Vectors { get; }

    /// <summary>o[p][n] (+)= Σ over taps t, kernel columns k and channels c of source_t[p + k - 1][c] · weights_t[k][c][n].</summary>
    /// <param name="taps">What is read, one a kernel row that lies inside the picture.</param>
    /// <param name="count">How many; 0 gives zeros.</param>
    /// <param name="channels">Numbers of a place.</param>
    /// <param name="pixel">Numbers between neighbouring places.</param>
    /// <param name="o">The strip's first output.</param>
    /// <param name="step">Numbers between neighbouring outputs.</param>
    /// <param name="add">Add to what is there instead of storing.</param>
    static abstract void Product(StripTap* taps, int count, int channels, nint pixel, float* o, nint step, bool add);
}
