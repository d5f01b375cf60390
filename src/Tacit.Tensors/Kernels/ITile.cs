using Tacit.Tensors.Simd;

namespace Tacit.Tensors.Kernels;

/// <summary>
/// A register tile of <see cref="Rows"/> × (<see cref="Vectors"/> · lanes) sums: the two kernels that carry all matrix
/// work. Rows may be read, and thrown away, past the last valid one: callers point spare rows at valid memory.
/// </summary>
internal unsafe interface ITile<V>
    where V : struct, IVec<V>
{
    static abstract int Rows { get; }

    static abstract int Vectors { get; }

    /// <summary>
    /// Row pointers × packed B: o[r][n] = Σ over taps t and k &lt; inner of a[r][taps[t] + k] · b[t·inner + k][n].
    /// </summary>
    /// <param name="a"><see cref="Rows"/> pointers.</param>
    /// <param name="taps">Offsets, in floats, that are added to every row pointer: a convolution's kernel rows; one 0 for a product.</param>
    /// <param name="tapCount">How many offsets.</param>
    /// <param name="inner">Consecutive numbers read at each tap.</param>
    /// <param name="b">Packed panel, [tapCount · inner][Vectors · lanes].</param>
    /// <param name="o"><see cref="Rows"/> pointers to rows of the output.</param>
    /// <param name="column">Added to each of them.</param>
    /// <param name="add">Add to what the output holds instead of storing.</param>
    static abstract void Product(float** a, nint* taps, int tapCount, nint inner, float* b, float** o, nint column, bool add);

    /// <summary>
    /// Transposed pointers × in-place Y: o[r][n] (+)= Σ over m &lt; count of x[m][offset + r] · y[m · stride + n].
    /// </summary>
    static abstract void Outer(float** x, nint offset, float* y, nint stride, int count, float* o, nint rowStride, bool add);
}
