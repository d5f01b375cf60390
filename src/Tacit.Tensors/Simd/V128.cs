using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Tacit.Tensors.Simd;

/// <summary>4 float32 lanes.</summary>
public readonly struct V128(Vector128<float> v) : IVec<V128>
{
    private readonly Vector128<float> v = v;

    public static int Count => 4;

    public static int Registers => 16;

    public static V128 Zero => new(Vector128<float>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe V128 Load(float* p) => new(Vector128.Load(p));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe V128 LoadFirst(float* p, int count, V128 rest) => new(Vector128.ConditionalSelect(First(count), Vector128.Load(p), rest.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Broadcast(float x) => new(Vector128.Create(x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 operator +(V128 a, V128 b) => new(a.v + b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 operator -(V128 a, V128 b) => new(a.v - b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 operator *(V128 a, V128 b) => new(a.v * b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 operator /(V128 a, V128 b) => new(a.v / b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Fma(V128 a, V128 b, V128 c) => new(Vector128.MultiplyAddEstimate(a.v, b.v, c.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Max(V128 a, V128 b) => new(Vector128.Max(a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Min(V128 a, V128 b) => new(Vector128.Min(a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Abs(V128 a) => new(Vector128.Abs(a.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Sqrt(V128 a) => new(Vector128.Sqrt(a.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Round(V128 a) => new(Vector128.Round(a.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Scale(V128 x, V128 n)
    {
        // Two factors of half the exponent each reach 2^-252 … 2^254 without leaving the normal range.
        Vector128<int> e = Vector128.ConvertToInt32Native(n.v);
        Vector128<int> half = Vector128.ShiftRightArithmetic(e, 1);
        Vector128<float> a = Vector128.ShiftLeft(half + Vector128.Create(127), 23).AsSingle();
        Vector128<float> b = Vector128.ShiftLeft(e - half + Vector128.Create(127), 23).AsSingle();
        return new(x.v * a * b);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Split(V128 x, out V128 exponent)
    {
        // The bits of √½ taken off first make the exponent's field change at √½ and √2 rather than at powers of two.
        Vector128<int> bits = x.v.AsInt32();
        Vector128<int> e = Vector128.ShiftRightArithmetic(bits - Vector128.Create(0x3F3504F3), 23);
        exponent = new(Vector128.ConvertToSingle(e));
        return new((bits - Vector128.ShiftLeft(e, 23)).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Greater(V128 a, V128 b) => new(Vector128.GreaterThan(a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Select(V128 mask, V128 a, V128 b) => new(Vector128.ConditionalSelect(mask.v, a.v, b.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe void Store(float* p) => v.Store(p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe void StoreFirst(float* p, int count)
    {
        p[0] = v.ToScalar();
        if (count > 1)
        {
            p[1] = v[1];
        }

        if (count > 2)
        {
            p[2] = v[2];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Sum() => Vector128.Sum(v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float MaxLane()
    {
        Vector128<float> pairs = Vector128.Max(v, Vector128.Shuffle(v, Vector128.Create(2, 3, 0, 1)));
        return MathF.Max(pairs[0], pairs[1]);
    }

    /// <summary>All ones in the first lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> First(int count) => Vector128.LessThan(Vector128<int>.Indices, Vector128.Create(count)).AsSingle();
}
