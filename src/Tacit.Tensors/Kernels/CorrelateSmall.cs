using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Tacit.Tensors.Simd;

namespace Tacit.Tensors.Kernels;

/// <summary>Neighbouring rows or columns of outputs under which the same kernel elements, From … To-1, lie inside the picture.</summary>
internal readonly record struct Reach(int First, int End, int From, int To)
{
    private static readonly ConcurrentDictionary<(int Outputs, int Stride, int Before, int Kernel, int Size), Reach[]> Known = new();

    /// <summary>The runs of such outputs along one axis.</summary>
    public static Reach[] Along(int outputs, int stride, int before, int kernel, int size) =>
        Known.GetOrAdd((outputs, stride, before, kernel, size), static axis => Find(axis.Outputs, axis.Stride, axis.Before, axis.Kernel, axis.Size));

    private static Reach[] Find(int outputs, int stride, int before, int kernel, int size)
    {
        var runs = new List<Reach>();
        for (int at = 0; at < outputs; at++)
        {
            int shift = before - (at * stride), from = Math.Clamp(shift, 0, kernel), to = Math.Clamp(size + shift, from, kernel);
            if (runs.Count > 0 && runs[^1].From == from && runs[^1].To == to)
            {
                runs[^1] = runs[^1] with { End = at + 1 };
            }
            else
            {
                runs.Add(new Reach(at, at + 1, from, to));
            }
        }

        return [.. runs];
    }
}

/// <summary>
/// Correlations over pictures of a few places, of which many lie at a border: of 4 × 4 places under 3 × 3 elements a third of all factors would
/// be zeros. Places are sorted by the kernel elements that lie inside, those of several pictures together; zeros are neither copied nor multiplied.
/// </summary>
internal readonly unsafe struct CorrelateSmall<V> : IBlockBody
    where V : struct, IVec<V>
{
    private const int MostPlaces = 256;     // of a picture
    private const int FewestChannels = 32;
    private const int Images = 24;          // of a block: even its corners fill tiles of 6, 8, 12 and 24 rows
    private const int Source = 1 << 17;     // floats of a block, which the second cache holds beside a panel

    private readonly CorrelationGrid grid;
    private readonly float* source, packed;
    private readonly int[] starts;
    private readonly int columns, images, panelBlocks, panelsPerBlock;
    private readonly Destination target;
    private readonly bool add;
    private readonly Epilogue epilogue;
    private readonly Reach[] rows, places;

    public CorrelateSmall(CorrelationGrid grid, float* source, int columns, int[] starts, float* packed, Destination target, bool add, Epilogue epilogue)
    {
        this.source = source;
        this.packed = packed;
        (this.grid, this.columns, this.starts) = (grid, columns, starts);
        (this.target, this.add, this.epilogue) = (target, add, epilogue);
        images = Math.Clamp(Source / (grid.Rows * grid.Columns * grid.Channels), 1, Math.Min(Images, grid.Batch));
        rows = Rows(grid);
        places = Columns(grid);
        (panelBlocks, panelsPerBlock) = Panels<V>.Share(starts.Length - 1, 16 / Bands);
    }

    public int Blocks => Bands * panelBlocks;

    private int Bands => (grid.Batch + images - 1) / images;

    /// <summary>Whether it pays: small pictures with a border, and under each output some kernel element inside.</summary>
    public static bool Fits(CorrelationGrid grid) =>
        grid.Merged && !grid.Inside && grid.Rows * grid.Columns <= MostPlaces && grid.Channels >= FewestChannels
        && Array.TrueForAll(Rows(grid), static r => r.To > r.From) && Array.TrueForAll(Columns(grid), static c => c.To > c.From);

    [SkipLocalsInit]
    public void Invoke(int block)
    {
        int first = block / panelBlocks * images, count = Math.Min(images, grid.Batch - first);
        int firstPanel = block % panelBlocks * panelsPerBlock, lastPanel = Math.Min(starts.Length - 1, firstPanel + panelsPerBlock);
        using Scratch pointers = Scratch.Rent(count * grid.Rows * grid.Columns * 4);
        float** from = (float**)pointers.Data, to = from + (count * grid.Rows * grid.Columns);
        Sort(first, count, from, to);
        nint* taps = stackalloc nint[grid.KernelRows];
        for (int k = 0; k < grid.KernelRows; k++)
        {
            taps[k] = (nint)k * grid.Width * grid.Channels;
        }

        // A panel deeper than the second cache is gone through kernel row by kernel row.
        int run = grid.Depth <= Correlate.MaxDepth ? grid.KernelRows : 1;
        for (int p = firstPanel; p < lastPanel; p++)
        {
            int column = starts[p] * V.Count, vectors = starts[p + 1] - starts[p];
            var panel = new Panel((nint)(packed + ((nint)column * grid.Depth)), vectors, column);
            for (int k = 0; k < grid.KernelRows; k += run)
            {
                KernelRows(panel, k, Math.Min(grid.KernelRows, k + run), taps, count, from, to);
            }
        }
    }

    private static Reach[] Rows(CorrelationGrid grid) => Reach.Along(grid.Rows, grid.Stride, grid.Top, grid.KernelRows, grid.Height);

    private static Reach[] Columns(CorrelationGrid grid) => Reach.Along(grid.Columns, grid.Stride, grid.Left, grid.KernelColumns, grid.Width);

    /// <summary>What some kernel rows give all places.</summary>
    private void KernelRows(Panel panel, int first, int end, nint* taps, int count, float** from, float** to)
    {
        int at = 0;
        foreach (Reach row in rows)
        {
            foreach (Reach column in places)
            {
                int members = count * (row.End - row.First) * (column.End - column.First);
                int start = Math.Max(first, row.From), stop = Math.Min(end, row.To), inner = (column.To - column.From) * grid.Channels;
                int step = inner == grid.Inner ? Math.Max(1, stop - start) : 1;       // part of a kernel row does not follow the row before
                for (int k = start; k < stop; k += step)
                {
                    float* weights = (float*)panel.Address + ((((nint)k * grid.Inner) + ((nint)column.From * grid.Channels)) * panel.Vectors * V.Count);
                    TileRunner<V>.Product(
                        panel.Vectors, from + at, members, taps + k, step, inner, weights, to + at, panel.Column, columns - panel.Column, add || k > row.From, k + step == row.To ? epilogue : default);
                }

                at += members;
            }
        }
    }

    /// <summary>Where each place of the pictures reads its first number, and where it is written; those alike next to each other.</summary>
    private void Sort(int first, int count, float** from, float** to)
    {
        int at = 0;
        foreach (Reach row in rows)
        {
            foreach (Reach column in places)
            {
                for (int i = first; i < first + count; i++)
                {
                    for (int y = row.First; y < row.End; y++)
                    {
                        nint line = ((nint)i * grid.Height) + (y * grid.Stride) - grid.Top;
                        nint written = ((nint)i * target.Height) + target.Row + (y * target.Stride);
                        for (int x = column.First; x < column.End; x++, at++)
                        {
                            from[at] = source + (((line * grid.Width) + (x * grid.Stride) - grid.Left + column.From) * grid.Channels);
                            to[at] = (float*)target.Address + (((written * target.Width) + target.Column + (x * target.Stride)) * target.Channels);
                        }
                    }
                }
            }
        }
    }

    private readonly record struct Panel(nint Address, int Vectors, int Column);
}
