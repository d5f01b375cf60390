namespace Tacit.Tensors;

/// <summary>Floating-point operations of the matrix and convolution kernels of all threads, counted while a profile is open.</summary>
internal static class KernelCount
{
    private static int open;
    private static long operations;

    public static long Operations => Interlocked.Read(ref operations);

    public static void Open() => Interlocked.Increment(ref open);

    public static void Close() => Interlocked.Decrement(ref open);

    /// <summary>Counts multiply-adds, two operations each.</summary>
    public static void MultiplyAdds(long a, long b, long c = 1)
    {
        if (Volatile.Read(ref open) != 0)
        {
            Interlocked.Add(ref operations, 2 * a * b * c);
        }
    }
}
