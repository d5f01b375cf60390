using Tacit.Tensors.Simd;

namespace Tacit.Tensors;

/// <summary>The work of one block of a parallel loop, compiled for the process's vector width.</summary>
internal interface IBlockKernel
{
    void Invoke<V>(int block)
        where V : struct, IVec<V>;
}

/// <summary>Loops over blocks whose number depends on shapes alone, so that any number of threads gives the same bits.</summary>
internal static class Blocks
{
    /// <summary>Numbers of a flat loop's block: 64 KB, some microseconds of memory traffic.</summary>
    public const int Length = 1 << 14;

    public static int Count(int length) => Count(length, Length);

    public static int Count(int length, int block) => (int)(((long)length + block - 1) / block);

    /// <summary>Where a flat loop's block ends.</summary>
    public static int End(int block, int length) => (block * Length) + Math.Min(Length, length - (block * Length));

    /// <summary>How many rows of the given width make a block.</summary>
    public static int RowsOf(int width) => Math.Max(1, Length / Math.Max(1, width));

    public static void Run<TKernel>(int count, TKernel kernel)
        where TKernel : struct, IBlockKernel
    {
        var launch = new Launch<TKernel>(count, kernel);
        Width.Dispatch(ref launch);
    }

    private readonly struct Launch<TKernel>(int count, TKernel kernel) : IWidthAction
        where TKernel : struct, IBlockKernel
    {
        public void Invoke<V>()
            where V : struct, IVec<V>
        {
            var body = new Body<TKernel, V>(kernel);
            WorkerPool.Shared.For(count, ref body);
        }
    }

    private readonly struct Body<TKernel, V>(TKernel kernel) : IBlockBody
        where TKernel : struct, IBlockKernel
        where V : struct, IVec<V>
    {
        private readonly TKernel kernel = kernel;

        public void Invoke(int block) => kernel.Invoke<V>(block);
    }
}
