using System.Runtime.InteropServices;

namespace Tacit.Tensors;

/// <summary>
/// Working memory of one thread, taken and given back like a stack: packed panels, padded bands, tiles of attention.
/// It grows to the largest need and stays.
/// </summary>
public readonly unsafe ref struct Scratch
{
    [ThreadStatic]
    private static Stack<float[]>? spare;

    private readonly float[] array;

    private Scratch(float[] array)
    {
        this.array = array;
        Data = (float*)((Marshal.UnsafeAddrOfPinnedArrayElement(array, 0) + 63) & ~63);
    }

    /// <summary>64-byte aligned, contents undefined.</summary>
    public float* Data { get; }

    public static Scratch Rent(int length)
    {
        spare ??= new Stack<float[]>();
        if (!spare.TryPop(out float[]? array) || array.Length < length + 80)
        {
            array = GC.AllocateUninitializedArray<float>(Math.Max(length + 80, array is null ? 4096 : array.Length * 2), pinned: true);
        }

        return new Scratch(array);
    }

    public void Dispose() => spare!.Push(array);
}
