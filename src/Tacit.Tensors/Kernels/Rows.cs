using System.Runtime.CompilerServices;
using Tacit.Tensors.Simd;

namespace Tacit.Tensors.Kernels;

/// <summary>One row of a register tile: vectors that stay in registers because the compiler promotes such small structs.</summary>
/// <remarks>Up to three vectors a struct; an array or an inline array of accumulators would live in memory and run at a quarter of the speed.</remarks>
internal interface IRow<TRow, V>
    where TRow : struct, IRow<TRow, V>
    where V : struct, IVec<V>
{
    static abstract int Vectors { get; }

    static abstract unsafe TRow Load(float* p);

    /// <summary>this + x * b, lane by lane.</summary>
    TRow Fma(V x, in TRow b);

    /// <summary>Stores the row, or adds it to what is there.</summary>
    unsafe void Store(float* p, bool add);
}

internal readonly struct Row1<V>(V v0) : IRow<Row1<V>, V>
    where V : struct, IVec<V>
{
    private readonly V v0 = v0;

    public static int Vectors => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Row1<V> Load(float* p) => new(V.Load(p));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Row1<V> Fma(V x, in Row1<V> b) => new(V.Fma(b.v0, x, v0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe void Store(float* p, bool add) => (add ? v0 + V.Load(p) : v0).Store(p);
}

internal readonly struct Row2<V>(V v0, V v1) : IRow<Row2<V>, V>
    where V : struct, IVec<V>
{
    private readonly V v0 = v0, v1 = v1;

    public static int Vectors => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Row2<V> Load(float* p) => new(V.Load(p), V.Load(p + V.Count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Row2<V> Fma(V x, in Row2<V> b) => new(V.Fma(b.v0, x, v0), V.Fma(b.v1, x, v1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe void Store(float* p, bool add)
    {
        Row2<V> row = add ? new(v0 + V.Load(p), v1 + V.Load(p + V.Count)) : this;
        row.v0.Store(p);
        row.v1.Store(p + V.Count);
    }
}

internal readonly struct Row3<V>(V v0, V v1, V v2) : IRow<Row3<V>, V>
    where V : struct, IVec<V>
{
    private readonly V v0 = v0, v1 = v1, v2 = v2;

    public static int Vectors => 3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Row3<V> Load(float* p) => new(V.Load(p), V.Load(p + V.Count), V.Load(p + (2 * V.Count)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Row3<V> Fma(V x, in Row3<V> b) => new(V.Fma(b.v0, x, v0), V.Fma(b.v1, x, v1), V.Fma(b.v2, x, v2));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe void Store(float* p, bool add)
    {
        Row3<V> row = add ? new(v0 + V.Load(p), v1 + V.Load(p + V.Count), v2 + V.Load(p + (2 * V.Count))) : this;
        row.v0.Store(p);
        row.v1.Store(p + V.Count);
        row.v2.Store(p + (2 * V.Count));
    }
}
