using System.Runtime.CompilerServices;

namespace Tacit.Tensors.Simd;

/// <summary>The last few numbers of a row, fewer than a register has lanes.</summary>
public static unsafe class Tail
{
    private const int MaxLanes = 16;

    /// <summary>Loads the first numbers; the other lanes get the fill, a reduction's identity.</summary>
    [SkipLocalsInit]
    public static V Load<V>(float* p, int count, float fill)
        where V : struct, IVec<V>
    {
        float* lanes = stackalloc float[MaxLanes];
        for (int i = 0; i < V.Count; i++)
        {
            lanes[i] = i < count ? p[i] : fill;
        }

        return V.Load(lanes);
    }

    /// <summary>Stores the first lanes and touches nothing behind them.</summary>
    [SkipLocalsInit]
    public static void Store<V>(V v, float* p, int count)
        where V : struct, IVec<V>
    {
        float* lanes = stackalloc float[MaxLanes];
        v.Store(lanes);
        for (int i = 0; i < count; i++)
        {
            p[i] = lanes[i];
        }
    }
}
