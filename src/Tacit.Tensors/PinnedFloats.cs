using System.Runtime.InteropServices;

namespace Tacit.Tensors;

/// <summary>Floats that never move and begin on a cache line: the memory behind tensors, arenas and scratch.</summary>
internal sealed unsafe class PinnedFloats
{
    /// <summary>Floats that a kernel may read, never use, past a tensor's or a buffer's end.</summary>
    public const int Slack = 64;

    private const int Alignment = 64;       // bytes: one cache line, one 512-bit vector

    private readonly float[] array;

    /// <param name="length">Floats that may be used; what may be read beyond them is part of it.</param>
    /// <param name="zeroed">False leaves the content undefined.</param>
    public PinnedFloats(int length, bool zeroed = false)
    {
        int padded = checked(length + (Alignment / sizeof(float)));
        array = zeroed ? GC.AllocateArray<float>(padded, pinned: true) : GC.AllocateUninitializedArray<float>(padded, pinned: true);
        Pointer = (float*)((Marshal.UnsafeAddrOfPinnedArrayElement(array, 0) + Alignment - 1) & ~(Alignment - 1));
        Length = length;
    }

    public float* Pointer { get; }

    public int Length { get; }

    /// <summary>A buffer's length with its slack, in whole cache lines.</summary>
    public static int Padded(int length) => checked((length + Slack + 15) & ~15);
}
