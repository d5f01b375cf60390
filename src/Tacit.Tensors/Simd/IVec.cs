namespace Tacit.Tensors.Simd;

/// <summary>A register of float32 lanes; kernels are written once, generic over it (512, 256, 128 bits and one lane).</summary>
/// <remarks>Comparisons give all-ones or all-zero lanes for <see cref="Select"/>. Horizontal operations add in a fixed order.</remarks>
public interface IVec<V>
    where V : struct, IVec<V>
{
    static abstract int Count { get; }

    /// <summary>Registers the processor has at this width: bounds the tiles of the matrix kernels.</summary>
    static abstract int Registers { get; }

    static abstract V Zero { get; }

    static abstract unsafe V Load(float* p);

    static abstract V Broadcast(float x);

    /// <summary>The first numbers, at least 1 and fewer than <see cref="Count"/>, in front of the rest's lanes. Reads, but does not use, a whole register.</summary>
    static abstract unsafe V LoadFirst(float* p, int count, V rest);

    unsafe void Store(float* p);

    /// <summary>Stores the first lanes, at least 1 and fewer than <see cref="Count"/>, and touches nothing behind them.</summary>
    unsafe void StoreFirst(float* p, int count);

    static abstract V operator +(V a, V b);

    static abstract V operator -(V a, V b);

    static abstract V operator *(V a, V b);

    static abstract V operator /(V a, V b);

    /// <summary>a * b + c, fused where the processor has it.</summary>
    static abstract V Fma(V a, V b, V c);

    static abstract V Max(V a, V b);

    static abstract V Min(V a, V b);

    static abstract V Abs(V a);

    static abstract V Sqrt(V a);

    /// <summary>Rounds to the nearest integer, ties to even.</summary>
    static abstract V Round(V a);

    /// <summary>x * 2^n for an integral n in [-252, 254]; results below the smallest normal number may be 0.</summary>
    static abstract V Scale(V x, V n);

    /// <summary>A positive normal number as mantissa * 2^exponent with the mantissa in [√½, √2).</summary>
    static abstract V Split(V x, out V exponent);

    static abstract V Greater(V a, V b);

    /// <summary>Per lane: mask ? a : b.</summary>
    static abstract V Select(V mask, V a, V b);

    float Sum();

    float MaxLane();
}

/// <summary>An action that needs to know the vector width at compile time.</summary>
public interface IWidthAction
{
    void Invoke<V>()
        where V : struct, IVec<V>;
}
