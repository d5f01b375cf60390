using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Tacit.Tensors.Simd;

namespace Tacit.Data.Augment;

/// <summary>Loads bytes as float32 lanes, at whatever width the kernel was compiled for.</summary>
internal static unsafe class ByteLanes
{
    /// <summary>Reads exactly as many bytes as V has lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load<V>(byte* p)
        where V : struct, IVec<V>
    {
        // The comparisons of types are decided when the kernel is compiled: one branch remains.
        if (typeof(V) == typeof(V512))
        {
            Vector256<ushort> words = Vector256.WidenLower(Vector128.Load(p).ToVector256Unsafe());
            Vector512<uint> levels = Vector512.WidenLower(words.ToVector512Unsafe());
            return Unsafe.BitCast<V512, V>(new V512(Vector512.ConvertToSingle(levels.AsInt32())));
        }

        if (typeof(V) == typeof(V256))
        {
            Vector128<ushort> words = Vector128.WidenLower(Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<ulong>(p)).AsByte());
            Vector256<uint> levels = Vector256.WidenLower(words.ToVector256Unsafe());
            return Unsafe.BitCast<V256, V>(new V256(Vector256.ConvertToSingle(levels.AsInt32())));
        }

        if (typeof(V) == typeof(V128))
        {
            Vector128<ushort> words = Vector128.WidenLower(Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<uint>(p)).AsByte());
            Vector128<uint> levels = Vector128.WidenLower(words);
            return Unsafe.BitCast<V128, V>(new V128(Vector128.ConvertToSingle(levels.AsInt32())));
        }

        return V.Broadcast(*p);
    }
}
