using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Tacit.Tensors.Simd;

/// <summary>8 float32 lanes.</summary>
public readonly struct V256(Vector256<float> v) : IVec<V256>
{
    private readonly Vector256<float> v = v;

    public static int Count => 8;

    public static int Registers => 16;

    public static V256 Zero => new(Vector256<float>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe V256 Load(float* p) => new(Vector256.Load(p));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe V256 LoadFirst(float* p, int count, V256 rest) => new(Vector256.ConditionalSelect(First(count), Vector256.Load(p), rest.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Broadcast(float x) => new(Vector256.Create(x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 operator +(V256 a, V256 b) => new(a.v + b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 operator -(V256 a, V256 b) => new(a.v - b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 operator *(V256 a, V256 b) => new(a.v * b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 operator /(V256 a, V256 b) => new(a.v / b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Fma(V256 a, V256 b, V256 c) => new(Vector256.FusedMultiplyAdd(a.v, b.v, c.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Max(V256 a, V256 b) => new(Vector256.Max(a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Min(V256 a, V256 b) => new(Vector256.Min(a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Abs(V256 a) => new(Vector256.Abs(a.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Sqrt(V256 a) => new(Vector256.Sqrt(a.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Round(V256 a) => new(Vector256.Round(a.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Scale(V256 x, V256 n)
    {
        // Two factors of half the exponent each reach 2^-252 … 2^254 without leaving the normal range.
        Vector256<int> e = Vector256.ConvertToInt32Native(n.v);
        Vector256<int> half = Vector256.ShiftRightArithmetic(e, 1);
        Vector256<float> a = Vector256.ShiftLeft(half + Vector256.Create(127), 23).AsSingle();
        Vector256<float> b = Vector256.ShiftLeft(e - half + Vector256.Create(127), 23).AsSingle();
        return new(x.v * a * b);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Split(V256 x, out V256 exponent)
    {
        // The bits of √½ taken off first make the exponent's field change at √½ and √2 rather than at powers of two.
        Vector256<int> bits = x.v.AsInt32();
        Vector256<int> e = Vector256.ShiftRightArithmetic(bits - Vector256.Create(0x3F3504F3), 23);
        exponent = new(Vector256.ConvertToSingle(e));
        return new((bits - Vector256.ShiftLeft(e, 23)).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Greater(V256 a, V256 b) => new(Vector256.GreaterThan(a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Select(V256 mask, V256 a, V256 b) => new(Vector256.ConditionalSelect(mask.v, a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe void Store(float* p) => v.Store(p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe void StoreFirst(float* p, int count) => Avx.MaskStore(p, First(count), v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Sum() => Vector256.Sum(v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float MaxLane() => new V128(Vector128.Max(v.GetLower(), v.GetUpper())).MaxLane();

    /// <summary>All ones in the first lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> First(int count) => Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(count)).AsSingle();
}
