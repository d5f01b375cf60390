using System.Runtime.CompilerServices;
using Tacit.Tensors.Simd;

namespace Tacit.Tensors.Kernels;

/// <summary>
/// The walk over time of a recurrent layer. A step is one parallel loop; a block multiplies some rows by the packed weights of
/// some hidden units and works out those units' gates right away, while the product is in the first cache.
/// </summary>
internal static unsafe class RecurrentSteps<TCell>
    where TCell : struct, ICell
{
    private const int MaxRows = 48;                     // of a block: a multiple of every tile's height
    private const long SerialWork = 48 * 48 * 256;      // multiply-adds of a step that one thread does faster alone

    public static void Forward(RecurrentSizes sizes, Direction[] memory, int[]? lengths, float* y) => Walk(sizes, memory, lengths, y, backward: false);

    /// <summary>Turns the records into gradients, given the output's.</summary>
    public static void Backward(RecurrentSizes sizes, Direction[] memory, int[]? lengths, float* dy) => Walk(sizes, memory, lengths, dy, backward: true);

    private static void Walk(RecurrentSizes sizes, Direction[] memory, int[]? lengths, float* y, bool backward)
    {
        Lane* lanes = stackalloc Lane[memory.Length];
        using Scratch zeros = Scratch.Rent(sizes.Hidden + (memory.Length * sizes.Items * sizes.Hidden));
        new Span<float>(zeros.Data, sizes.Hidden + (memory.Length * sizes.Items * sizes.Hidden)).Clear();
        for (int d = 0; d < memory.Length; d++)
        {
            Direction from = memory[d];
            float* bias = from.Weights.HiddenBias is null || TCell.GateWithBiasApart < 0
                ? zeros.Data
                : from.Weights.HiddenBias.Data + (TCell.GateWithBiasApart * sizes.Hidden);
            float* kept = zeros.Data + sizes.Hidden + ((nint)d * sizes.Items * sizes.Hidden);
            lanes[d] = new Lane(from.Reverse, from.Records.Data, from.States.Data, from.Weights.Hidden.Data, bias, kept, y + (d * sizes.Hidden));
        }

        fixed (int* ends = lengths)
        {
            KernelCount.MultiplyAdds((long)memory.Length * sizes.Rows, sizes.Hidden, (long)sizes.Gates * sizes.Hidden);
            var action = new Action(sizes, lanes, ends, backward);
            Width.Dispatch(ref action);
        }

        GC.KeepAlive(memory);
    }

    /// <summary>One direction's addresses.</summary>
    private readonly struct Lane(bool reverse, float* records, float* states, float* weight, float* bias, float* kept, float* y)
    {
        public bool Reverse { get; } = reverse;

        public float* Weight { get; } = weight;

        public float* Bias { get; } = bias;

        public float* Kept { get; } = kept;

        public float* Record(RecurrentSizes s, int t, int n) => records + ((((nint)t * s.Items) + n) * s.Pitch);

        /// <summary>The state before frame t's step, or after it.</summary>
        public float* State(RecurrentSizes s, int t, int n, bool after) => states + ((((nint)t + (after != Reverse ? 1 : 0)) * s.Items) + n) * s.Hidden;

        public float* Output(RecurrentSizes s, int t, int n) => y + ((((nint)n * s.Frames) + t) * s.Directions * s.Hidden);

        /// <summary>The record of the neighbouring step, of which the state comes from (or goes to, if later), or null at the ends.</summary>
        public float* Neighbour(RecurrentSizes s, int t, int n, bool later)
        {
            int other = later != Reverse ? t + 1 : t - 1;
            return other < 0 || other == s.Frames ? null : Record(s, other, n);
        }
    }

    private struct Action(RecurrentSizes sizes, Lane* lanes, int* lengths, bool backward) : IWidthAction
    {
        public void Invoke<V>()
            where V : struct, IVec<V>
        {
            int vectors = (sizes.Hidden + V.Count - 1) / V.Count;
            int size = sizes.Gates * sizes.Hidden * vectors * V.Count;
            using Scratch packed = Scratch.Rent(sizes.Directions * size);
            // Three registers by eight rows fill the processor that has 32 registers; what is left goes one by one.
            int wide = V.Registers >= 32 ? 3 : 2;
            int panels = backward ? (vectors / wide) + (vectors % wide) : vectors;
            var pack = new Pack<V>(sizes, lanes, packed.Data, size, panels, wide, backward);
            WorkerPool.Shared.For(sizes.Directions * panels, ref pack);

            bool small = (long)sizes.Items * sizes.Gates * sizes.Hidden * sizes.Hidden <= SerialWork;
            int rowBlocks = (sizes.Items + MaxRows - 1) / MaxRows;
            int unitBlocks = small ? 1 : panels;
            for (int step = 0; step < sizes.Frames; step++)
            {
                if (backward)
                {
                    var body = new BackwardStep<V>(sizes, lanes, lengths, packed.Data, size, panels, wide, unitBlocks, rowBlocks, sizes.Frames - 1 - step);
                    WorkerPool.Shared.For(sizes.Directions * rowBlocks * unitBlocks, ref body);
                }
                else
                {
                    var body = new ForwardStep<V>(sizes, lanes, lengths, packed.Data, size, panels, unitBlocks, rowBlocks, step);
                    WorkerPool.Shared.For(sizes.Directions * rowBlocks * unitBlocks, ref body);
                }
            }
        }
    }

    /// <summary>First register of a panel of the backward product, and how many it has.</summary>
    private static (int First, int Count) Cut<V>(int panel, int hidden, int wide)
        where V : struct, IVec<V>
    {
        int full = (hidden + V.Count - 1) / V.Count / wide;
        return panel < full ? (panel * wide, wide) : ((full * wide) + panel - full, 1);
    }

    /// <summary>Registers of a forward panel: all gates of some units, in two halves where four would not fit the registers.</summary>
    private static int GateVectors<V>(int gates)
        where V : struct, IVec<V> => gates == 4 && V.Registers < 32 ? 2 : gates;

    /// <summary>
    /// Forward: [unit register][half][k &lt; H][gate][lane] of weight_hh turned. Backward: [panel][part · H + unit][lane] with the
    /// gates in the order of the record's parts. Zeros beyond the last unit.
    /// </summary>
    private readonly struct Pack<V>(RecurrentSizes s, Lane* lanes, float* packed, int size, int panels, int wide, bool backward) : IBlockBody
        where V : struct, IVec<V>
    {
        public void Invoke(int block)
        {
            float* weight = lanes[block / panels].Weight;
            float* o = packed + ((nint)(block / panels) * size);
            if (backward)
            {
                Backward(weight, o, block % panels);
            }
            else
            {
                Forward(weight, o + ((nint)(block % panels) * s.Gates * s.Hidden * V.Count), block % panels * V.Count);
            }
        }

        private void Forward(float* weight, float* o, int first)
        {
            int group = GateVectors<V>(s.Gates), valid = Math.Min(V.Count, s.Hidden - first), width = group * V.Count;
            new Span<float>(o, s.Gates * s.Hidden * V.Count).Clear();
            for (int k0 = 0; k0 < s.Hidden; k0 += 16)
            {
                int end = Math.Min(s.Hidden, k0 + 16);
                for (int gate = 0; gate < s.Gates; gate++)
                {
                    float* panel = o + ((nint)(gate / group) * s.Hidden * width) + (gate % group * V.Count);
                    for (int lane = 0; lane < valid; lane++)
                    {
                        float* source = weight + (((nint)(gate * s.Hidden) + first + lane) * s.Hidden);
                        for (int k = k0; k < end; k++)
                        {
                            panel[((nint)k * width) + lane] = source[k];
                        }
                    }
                }
            }
        }

        private void Backward(float* weight, float* o, int panel)
        {
            var (first, count) = Cut<V>(panel, s.Hidden, wide);
            int width = count * V.Count, valid = Math.Min(width, s.Hidden - (first * V.Count));
            o += (nint)s.Gates * s.Hidden * first * V.Count;
            for (int part = 0; part < s.Gates; part++)
            {
                float* source = weight + ((nint)TCell.GateOf(part) * s.Hidden * s.Hidden) + (first * V.Count);
                for (int k = 0; k < s.Hidden; k++, source += s.Hidden, o += width)
                {
                    new ReadOnlySpan<float>(source, valid).CopyTo(new Span<float>(o, valid));
                    new Span<float>(o + valid, width - valid).Clear();
                }
            }
        }
    }

    private readonly struct ForwardStep<V>(
        RecurrentSizes s, Lane* lanes, int* lengths, float* packed, int size, int panels, int unitBlocks, int rowBlocks, int step) : IBlockBody
        where V : struct, IVec<V>
    {
        [SkipLocalsInit]
        public void Invoke(int block)
        {
            int direction = block / (rowBlocks * unitBlocks), firstRow = block / unitBlocks % rowBlocks * MaxRows, unitBlock = block % unitBlocks;
            ref readonly Lane lane = ref lanes[direction];
            int t = lane.Reverse ? s.Frames - 1 - step : step, count = 0;
            int* items = stackalloc int[MaxRows];
            float** from = stackalloc float*[MaxRows], to = stackalloc float*[MaxRows];
            using Scratch products = Scratch.Rent(MaxRows * s.Gates * V.Count);
            for (int n = firstRow; n < Math.Min(s.Items, firstRow + MaxRows); n++)
            {
                if (lengths == null || t < lengths[n])
                {
                    from[count] = lane.State(s, t, n, after: false);
                    to[count] = products.Data + (count * s.Gates * V.Count);
                    items[count++] = n;
                }
            }

            for (int panel = unitBlock; panel < panels && count > 0; panel += unitBlocks)
            {
                Multiply(packed + ((nint)direction * size) + ((nint)panel * s.Gates * s.Hidden * V.Count), from, count, to);
                Units(lane, t, panel * V.Count, items, count, products.Data);
            }
        }

        private void Multiply(float* panel, float** from, int count, float** to)
        {
            int group = GateVectors<V>(s.Gates);
            nint tap = 0;
            for (int gate = 0; gate < s.Gates; gate += group)
            {
                TileRunner<V>.Product(
                    group, from, count, &tap, 1, s.Hidden, panel + ((nint)gate * s.Hidden * V.Count), to, gate * V.Count, int.MaxValue, false, default);
            }
        }

        private void Units(in Lane lane, int t, int unit, int* items, int count, float* products)
        {
            int room = s.Hidden - unit;
            V bias = V.Load(lane.Bias + unit);
            for (int i = 0; i < count; i++, products += s.Gates * V.Count)
            {
                int n = items[i];
                float* earlier = lane.Neighbour(s, t, n, later: false);
                V before = V.Load(lane.State(s, t, n, after: false) + unit);
                V after = TCell.Forward(lane.Record(s, t, n) + unit, s.Hidden, earlier == null ? null : earlier + unit, products, before, bias, room);
                RowMath.Put(after, lane.State(s, t, n, after: true) + unit, false, room);
                RowMath.Put(after, lane.Output(s, t, n) + unit, false, room);
            }
        }
    }

    private readonly struct BackwardStep<V>(
        RecurrentSizes s, Lane* lanes, int* lengths, float* packed, int size, int panels, int wide, int unitBlocks, int rowBlocks, int step) : IBlockBody
        where V : struct, IVec<V>
    {
        [SkipLocalsInit]
        public void Invoke(int block)
        {
            int direction = block / (rowBlocks * unitBlocks), firstRow = block / unitBlocks % rowBlocks * MaxRows, unitBlock = block % unitBlocks;
            ref readonly Lane lane = ref lanes[direction];
            int t = lane.Reverse ? s.Frames - 1 - step : step, count = 0;
            bool last = step == s.Frames - 1;
            int* items = stackalloc int[MaxRows];
            float** from = stackalloc float*[MaxRows], to = stackalloc float*[MaxRows];
            using Scratch products = Scratch.Rent(MaxRows * wide * V.Count);
            for (int n = firstRow; n < Math.Min(s.Items, firstRow + MaxRows); n++)
            {
                if (lengths == null || t < lengths[n])
                {
                    from[count] = lane.Neighbour(s, t, n, later: true);
                    to[count] = products.Data + (count * wide * V.Count);
                    items[count++] = n;
                }
            }

            nint tap = 0;
            for (int panel = unitBlock; panel < panels && count > 0; panel += unitBlocks)
            {
                var (first, vectors) = Cut<V>(panel, s.Hidden, wide);
                int depth = s.Gates * s.Hidden;
                if (last)
                {
                    new Span<float>(products.Data, count * wide * V.Count).Clear();
                }
                else
                {
                    TileRunner<V>.Product(
                        vectors, from, count, &tap, 1, depth, packed + ((nint)direction * size) + ((nint)depth * first * V.Count), to, 0, int.MaxValue, false, default);
                }

                for (int v = 0; v < vectors; v++)
                {
                    Units(lane, t, (first + v) * V.Count, items, count, products.Data + (v * V.Count));
                }
            }
        }

        private void Units(in Lane lane, int t, int unit, int* items, int count, float* products)
        {
            int room = s.Hidden - unit;
            for (int i = 0; i < count; i++, products += wide * V.Count)
            {
                int n = items[i];
                float* earlier = lane.Neighbour(s, t, n, later: false);
                V dState = V.Load(products) + V.Load(lane.Output(s, t, n) + unit);
                V before = V.Load(lane.State(s, t, n, after: false) + unit);
                TCell.Backward(
                    lane.Record(s, t, n) + unit, s.Hidden, earlier == null ? null : earlier + unit, before, dState, lane.Kept + ((nint)n * s.Hidden) + unit, room);
            }
        }
    }
}
