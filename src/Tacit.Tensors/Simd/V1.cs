using System.Runtime.CompilerServices;

namespace Tacit.Tensors.Simd;

/// <summary>One lane, for machines on which nothing is accelerated. Multiply and add are rounded apart.</summary>
public readonly struct V1(float v) : IVec<V1>
{
    private readonly float v = v;

    public static int Count => 1;

    public static int Registers => 16;

    public static V1 Zero => new(0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe V1 Load(float* p) => new(*p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe V1 LoadFirst(float* p, int count, V1 rest) => rest;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V1 Broadcast(float x) => new(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V1 operator +(V1 a, V1 b) => new(a.v + b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V1 operator -(V1 a, V1 b) => new(a.v - b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V1 operator *(V1 a, V1 b) => new(a.v * b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V1 operator /(V1 a, V1 b) => new(a.v / b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V1 Fma(V1 a, V1 b, V1 c) => new((a.v * b.v) + c.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V1 Max(V1 a, V1 b) => new(MathF.Max(a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V1 Min(V1 a, V1 b) => new(MathF.Min(a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V1 Abs(V1 a) => new(MathF.Abs(a.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V1 Sqrt(V1 a) => new(MathF.Sqrt(a.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V1 Round(V1 a) => new(MathF.Round(a.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V1 Scale(V1 x, V1 n) => new(MathF.ScaleB(x.v, (int)n.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V1 Split(V1 x, out V1 exponent)
    {
        int bits = BitConverter.SingleToInt32Bits(x.v);
        int e = (bits - 0x3F3504F3) >> 23;
        exponent = new(e);
        return new(BitConverter.Int32BitsToSingle(bits - (e << 23)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V1 Greater(V1 a, V1 b) => new(a.v > b.v ? BitConverter.Int32BitsToSingle(-1) : 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V1 Select(V1 mask, V1 a, V1 b) => BitConverter.SingleToInt32Bits(mask.v) != 0 ? a : b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe void Store(float* p) => *p = v;

    public unsafe void StoreFirst(float* p, int count) { }

    public float Sum() => v;

    public float MaxLane() => v;
}
