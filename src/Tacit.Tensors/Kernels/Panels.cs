using System.Collections.Concurrent;
using Tacit.Tensors.Simd;

namespace Tacit.Tensors.Kernels;

/// <summary>
/// How N columns are cut into panels of one to four vectors, and which tile serves a panel: the accumulators, one row of B
/// and a broadcast fill the registers that the processor has (32 at 512 bits, 16 elsewhere).
/// </summary>
internal readonly struct Panels<V>(int columns)
    where V : struct, IVec<V>
{
    private static readonly ConcurrentDictionary<int, int[]> Known = new();

    private readonly int vectors = (columns + V.Count - 1) / V.Count;

    /// <summary>The widest panel in vectors.</summary>
    private static int Widest => V.Registers >= 32 ? 4 : 2;

    /// <summary>Columns rounded up to whole vectors: the width of the packed matrix.</summary>
    public int Padded => vectors * V.Count;

    /// <summary>First vectors of the panels, and one past the last panel.</summary>
    public int[] Starts() => Known.GetOrAdd(columns, static columns => new Panels<V>(columns).Cut());

    /// <summary>Shares panels out in blocks of equal size, about as many as wanted.</summary>
    public static (int Blocks, int PerBlock) Share(int panels, int wanted)
    {
        int perBlock = (panels + Math.Clamp(wanted, 1, panels) - 1) / Math.Clamp(wanted, 1, panels);
        return ((panels + perBlock - 1) / perBlock, perBlock);
    }

    /// <summary>How many vectors the panel that starts at vector <paramref name="at"/> takes: never a lone one where it can be helped.</summary>
    private int VectorsAt(int at)
    {
        int left = vectors - at;
        return left <= Math.Max(Widest, 3) && (left != 4 || Widest == 4) ? left
            : left == Widest + 1 ? (Widest == 4 ? 3 : 2)
            : Widest;
    }

    private int[] Cut()
    {
        var starts = new List<int>();
        for (int at = 0; at < vectors; at += VectorsAt(at))
        {
            starts.Add(at);
        }

        starts.Add(vectors);
        return [.. starts];
    }
}
