using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Tacit.Tensors.Kernels;
using Tacit.Tensors.Simd;

namespace Tacit.Tensors;

/// <summary>What attention does besides softmax(q·kᵀ scale) v.</summary>
public readonly record struct AttentionOptions
{
    /// <summary>Whether a query sees only keys at or before its own place.</summary>
    public bool Causal { get; init; }

    /// <summary>How many keys of each item are real; the others are padding that no query sees. Null: all are.</summary>
    public int[]? Lengths { get; init; }

    /// <summary>Added to the scaled products: [B or 1, H or 1, queries, keys].</summary>
    public Tensor? Bias { get; init; }

    /// <summary>What q·k is multiplied by; null for 1/√D.</summary>
    public float? Scale { get; init; }

    /// <summary>The share of attention weights dropped, for training only.</summary>
    public float Dropout { get; init; }

    /// <summary>The module's dotted path, part of the dropout stream's key.</summary>
    public string Path { get; init; }
}

public static unsafe partial class Ops
{
    /// <summary>
    /// Scaled dot-product attention per item and head: softmax(q·kᵀ scale + bias) · v. Products are formed for a block of
    /// queries at a time and formed again in backward, so memory grows with the length, not with its square.
    /// </summary>
    /// <param name="q">[B, queries, H, D]</param>
    /// <param name="k">[B, keys, H, D]</param>
    /// <param name="v">[B, keys, H, D]</param>
    /// <returns>[B, queries, H, D]; 0 for a query that sees no key.</returns>
    /// <remarks>Vaswani et al. 2017, arXiv:1706.03762, eq. 1; recomputation after Dao et al. 2022, arXiv:2205.14135.</remarks>
    public static Tensor Attention(Tensor q, Tensor k, Tensor v, AttentionOptions options = default)
    {
        if (q.Rank != 4 || k.Rank != 4 || q.Shape.With(1, 0) != k.Shape.With(1, 0))
        {
            throw ShapeException.Mismatch("Attention", q.Shape, k.Shape, "q is [B, queries, H, D] and k [B, keys, H, D]: axes 0, 2 and 3 must agree");
        }

        if (k.Shape != v.Shape)
        {
            throw ShapeException.Mismatch("Attention", k.Shape, v.Shape, "k and v are both [B, keys, H, D]");
        }

        int width = q.Shape[2] * q.Shape[3];
        var sizes = new AttentionSizes(q.Shape[0], q.Shape[1], k.Shape[1], q.Shape[2], q.Shape[3], width, width);
        return Attend(q, k, v, sizes, options);
    }

    /// <summary>Attention on q, k and v packed in one tensor [B, T, 3, H, D], read in place: what one linear layer gives.</summary>
    /// <returns>[B, T, H, D]</returns>
    public static Tensor Attention(Tensor qkv, AttentionOptions options = default)
    {
        if (qkv.Rank != 5 || qkv.Shape[2] != 3)
        {
            throw ShapeException.Unfit("Attention", qkv.Shape, "it takes [B, T, 3, H, D], with axis 2 holding q, k and v");
        }

        int width = qkv.Shape[3] * qkv.Shape[4];
        var sizes = new AttentionSizes(qkv.Shape[0], qkv.Shape[1], qkv.Shape[1], qkv.Shape[3], qkv.Shape[4], 3 * width, width);
        return Attend(qkv, null, null, sizes, options);
    }

    private static Tensor Attend(Tensor q, Tensor? k, Tensor? v, AttentionSizes sizes, AttentionOptions options)
    {
        sizes.Require(q.Shape, options);
        var plan = new AttentionPlan(sizes, options);
        Tensor y = Tensor.Empty(new Shape(sizes.Items, sizes.Queries, sizes.Heads, sizes.Depth));
        Tensor saved = Tensor.Empty(new Shape(sizes.Items * sizes.Heads, sizes.Queries, 2));     // a row's largest product, 1 / Σ e^(product - largest)
        fixed (int* lengths = options.Lengths)
        {
            var part = sizes.Parts(q.Data, k is null ? null : k.Data, v is null ? null : v.Data);
            var kernel = new AttentionForward(plan, part, lengths, options.Bias is null ? null : options.Bias.Data, y.Data, saved.Data);
            Blocks.Run(sizes.Items * sizes.Heads * plan.QueryBlocks, kernel);
        }

        if (Tape.Wants(q, k, v, "Attention") || (options.Bias is not null && Tape.Wants(options.Bias)))
        {
            Tape.Add(new AttentionNode(plan, options, q, k, v, y, saved));
        }

        return y;
    }

    private sealed class AttentionNode(AttentionPlan plan, AttentionOptions options, Tensor q, Tensor? k, Tensor? v, Tensor y, Tensor saved)
        : Node("Attention", y)
    {
        public override void Backward()
        {
            AttentionSizes sizes = plan.Sizes;
            Tensor? bias = options.Bias;
            Gradient dq = Target(q), dk = k is null ? dq : Target(k), dv = v is null ? dq : Target(v);
            var gradient = sizes.Parts(dq.Data, k is null ? null : dk.Data, v is null ? null : dv.Data);
            var first = new FirstWrites(!dq.Add, !dk.Add, !dv.Add);
            float* dBias = bias is null ? null : Ready(bias);
            // An item's head owns its part of dq, dk and dv. A bias that several of them share makes those one block, in order.
            int shared = dBias == null ? 1 : sizes.Items * sizes.Heads / (bias!.Shape[0] * bias.Shape[1]);
            fixed (int* lengths = options.Lengths)
            {
                var part = sizes.Parts(q.Data, k is null ? null : k.Data, v is null ? null : v.Data);
                var kernel = new AttentionBackward(
                    plan, part, gradient, first, lengths, bias is null ? null : bias.Data, dBias, Output.Data, Output.GradientData, saved.Data, shared);
                Blocks.Run(sizes.Items * sizes.Heads / Math.Max(1, shared), kernel);
            }
        }

        private static Gradient Target(Tensor x) => x.RequiresGrad ? x.GradientTarget() : default;

        /// <summary>A gradient's memory to add to, zeroed where this is the first write; null where none is wanted.</summary>
        private static float* Ready(Tensor x)
        {
            if (!x.RequiresGrad)
            {
                return null;
            }

            Gradient g = x.GradientTarget();
            if (!g.Add)
            {
                new Span<float>(g.Data, x.Length).Clear();
            }

            return g.Data;
        }
    }
}

/// <summary>The sizes of one attention and how far apart its rows lie.</summary>
/// <param name="RowStep">Floats from one place of q, k or v to the next.</param>
/// <param name="Width">H · D: floats from one place of the result to the next, and from q to k to v where they are packed.</param>
internal readonly record struct AttentionSizes(int Items, int Queries, int Keys, int Heads, int Depth, int RowStep, int Width)
{
    public unsafe AttentionParts Parts(float* q, float* k, float* v) =>
        RowStep == Width ? new AttentionParts(q, k, v)
        : q == null ? default
        : new AttentionParts(q, q + Width, q + (2 * Width));

    public void Require(Shape shape, AttentionOptions options)
    {
        if (options.Causal && Queries != Keys)
        {
            throw ShapeException.Unfit("Attention", shape, $"causal attention needs as many keys ({Keys}) as queries ({Queries}, axis 1)");
        }

        if (options.Lengths is { } lengths && (lengths.Length != Items || lengths.AsSpan().ContainsAnyExceptInRange(0, Keys)))
        {
            throw ShapeException.Unfit("Attention", shape, $"lengths [{string.Join(", ", lengths)}] must be {Items} numbers (axis 0) from 0 to {Keys}");
        }

        if (options.Bias is { } bias)
        {
            var full = new Shape(Items, Heads, Queries, Keys);
            if (bias.Rank != 4 || bias.Shape[2] != Queries || bias.Shape[3] != Keys || (bias.Shape[0] != 1 && bias.Shape[0] != Items) || (bias.Shape[1] != 1 && bias.Shape[1] != Heads))
            {
                throw ShapeException.Mismatch("Attention", full, bias.Shape, "the bias is [B or 1, H or 1, queries, keys]");
            }
        }
    }
}

internal readonly unsafe struct AttentionParts(float* q, float* k, float* v)
{
    public float* Q { get; } = q;

    public float* K { get; } = k;

    public float* V { get; } = v;
}

/// <summary>What forward and backward of one attention share.</summary>
internal readonly record struct AttentionPlan
{
    private const int Products = 1 << 16;       // of one block: 256 KB, so that they stay in the second cache

    public AttentionPlan(AttentionSizes sizes, AttentionOptions options)
    {
        Sizes = sizes;
        Causal = options.Causal;
        Scale = options.Scale ?? 1f / MathF.Sqrt(sizes.Depth);
        Mask = options.Dropout == 0 ? default : DropMask.Of(options.Dropout, options.Path ?? "");
        BiasItems = options.Bias?.Shape[0] ?? 1;
        BiasHeads = options.Bias?.Shape[1] ?? 1;
        BlockQueries = Math.Clamp(Products / Math.Max(1, sizes.Keys), 32, 256);
    }

    public AttentionSizes Sizes { get; }

    public bool Causal { get; }

    public float Scale { get; }

    public DropMask Mask { get; }

    public int BiasItems { get; }

    public int BiasHeads { get; }

    public int BlockQueries { get; }

    public int QueryBlocks => Blocks.Count(Sizes.Queries, BlockQueries);

    /// <summary>Floats between rows of the products: whole vectors and room for the mask's last eight.</summary>
    public int Stride => (Sizes.Keys + 15) & ~15;

    /// <summary>Where an item's head keeps its bias.</summary>
    public long BiasOffset(int item, int head) =>
        ((long)(BiasItems == 1 ? 0 : item) * BiasHeads + (BiasHeads == 1 ? 0 : head)) * Sizes.Queries * Sizes.Keys;

    /// <summary>How many keys a query sees.</summary>
    public int Seen(int query, int length) => Causal ? Math.Min(query + 1, length) : length;
}

/// <summary>One block is a run of queries of one item's head.</summary>
internal readonly unsafe struct AttentionForward(AttentionPlan plan, AttentionParts x, int* lengths, float* bias, float* y, float* saved) : IBlockKernel
{
    public void Invoke<V>(int block)
        where V : struct, IVec<V>
    {
        AttentionSizes sizes = plan.Sizes;
        int unit = block / plan.QueryBlocks;
        int first = block % plan.QueryBlocks * plan.BlockQueries, rows = Math.Min(plan.BlockQueries, sizes.Queries - first);
        int item = unit / sizes.Heads, head = unit % sizes.Heads;
        int length = lengths == null ? sizes.Keys : lengths[item];
        int keys = plan.Seen(first + rows - 1, length), stride = plan.Stride;
        long column = (long)head * sizes.Depth;
        float* k = x.K + ((long)item * sizes.Keys * sizes.RowStep) + column, v = x.V + ((long)item * sizes.Keys * sizes.RowStep) + column;
        float* q = x.Q + (((long)item * sizes.Queries + first) * sizes.RowStep) + column;
        float* o = y + (((long)item * sizes.Queries + first) * sizes.Width) + column;
        float* kept = saved + (2 * ((long)unit * sizes.Queries + first));
        if (keys == 0)
        {
            for (int r = 0; r < rows; r++)
            {
                new Span<float>(o + ((long)r * sizes.Width), sizes.Depth).Clear();
                kept[2 * r] = kept[(2 * r) + 1] = 0;
            }

            return;
        }

        using Scratch products = Scratch.Rent(rows * stride);
        using Scratch factors = Scratch.Rent(stride);
        float* s = products.Data;
        Gemm.Run(false, true, rows, keys, sizes.Depth, q, sizes.RowStep, k, sizes.RowStep, s, stride);
        for (int r = 0; r < rows; r++)
        {
            float* row = s + ((long)r * stride);
            int query = first + r, seen = plan.Seen(query, length);
            float max = AttentionRow.Scaled<V>(row, Bias(item, head, query), plan.Scale, seen);
            double sum = RowMath.SumExp<V>(row, max, row, (seen + V.Count - 1) / V.Count * V.Count);
            kept[2 * r] = max;
            kept[(2 * r) + 1] = (float)(1 / sum);
            if (plan.Mask.Threshold > 0)
            {
                plan.Mask.Fill(factors.Data, (unit * sizes.Queries) + query, 0, seen);
                AttentionRow.Multiply<V>(row, factors.Data, seen);
            }

            new Span<float>(row + seen, keys - seen).Clear();
        }

        Gemm.Run(false, false, rows, sizes.Depth, keys, s, stride, v, sizes.RowStep, o, sizes.Width);
        for (int r = 0; r < rows; r++)
        {
            RowMath.Affine<V>(o + ((long)r * sizes.Width), kept[(2 * r) + 1], 0, o + ((long)r * sizes.Width), sizes.Depth);
        }
    }

    private float* Bias(int item, int head, int query) =>
        bias == null ? null : bias + plan.BiasOffset(item, head) + ((long)query * plan.Sizes.Keys);
}

/// <summary>Which gradients hold nothing yet.</summary>
internal readonly record struct FirstWrites(bool Q, bool K, bool V);

/// <summary>One block is an item's head, or all those that share a bias: dk and dv are sums over its queries, in order.</summary>
internal readonly unsafe struct AttentionBackward(
    AttentionPlan plan,
    AttentionParts x,
    AttentionParts gradient,
    FirstWrites firstWrites,
    int* lengths,
    float* bias,
    float* dBias,
    float* y,
    float* dy,
    float* saved,
    int shared) : IBlockKernel
{
    public void Invoke<V>(int block)
        where V : struct, IVec<V>
    {
        AttentionSizes sizes = plan.Sizes;
        for (int i = 0; i < shared; i++)
        {
            // Those that share a bias are the same place of it: every item of a head, every head of an item, or all.
            int unit = plan.BiasHeads > 1 ? (i * sizes.Heads) + block : (block * shared) + i;
            unit = shared == 1 ? block : unit;
            Begin(unit);
            for (int first = 0; first < sizes.Queries; first += plan.BlockQueries)
            {
                Rows<V>(unit, first, Math.Min(plan.BlockQueries, sizes.Queries - first));
            }
        }
    }

    /// <summary>Zeroes a unit's part of the gradients that nothing was added to yet, where the unit adds to them next.</summary>
    private void Begin(int unit)
    {
        AttentionSizes sizes = plan.Sizes;
        int item = unit / sizes.Heads, column = unit % sizes.Heads * sizes.Depth;
        Clear(firstWrites.Q ? gradient.Q : null, sizes.Queries);
        Clear(firstWrites.K ? gradient.K : null, sizes.Keys);
        Clear(firstWrites.V ? gradient.V : null, sizes.Keys);

        void Clear(float* of, int places)
        {
            for (int i = 0; of != null && i < places; i++)
            {
                new Span<float>(of + ((((long)item * places) + i) * sizes.RowStep) + column, sizes.Depth).Clear();
            }
        }
    }

    private void Rows<V>(int unit, int first, int rows)
        where V : struct, IVec<V>
    {
        AttentionSizes sizes = plan.Sizes;
        int item = unit / sizes.Heads, head = unit % sizes.Heads, depth = sizes.Depth, step = sizes.RowStep;
        int length = lengths == null ? sizes.Keys : lengths[item];
        int keys = plan.Seen(first + rows - 1, length), stride = plan.Stride;
        if (keys == 0)
        {
            return;
        }

        long keyAt = ((long)item * sizes.Keys * step) + ((long)head * depth);
        long queryAt = (((long)item * sizes.Queries + first) * step) + ((long)head * depth);
        long resultAt = (((long)item * sizes.Queries + first) * sizes.Width) + ((long)head * depth);
        float* kept = saved + (2 * ((long)unit * sizes.Queries + first));
        using Scratch weights = Scratch.Rent(rows * stride);
        using Scratch slopes = Scratch.Rent(rows * stride);
        using Scratch factors = Scratch.Rent(stride);
        float* p = weights.Data, dp = slopes.Data;
        Gemm.Run(false, true, rows, keys, depth, x.Q + queryAt, step, x.K + keyAt, step, p, stride);
        Gemm.Run(false, true, rows, keys, depth, dy + resultAt, sizes.Width, x.V + keyAt, step, dp, stride);
        for (int r = 0; r < rows; r++)
        {
            int query = first + r, seen = plan.Seen(query, length);
            float* weight = p + ((long)r * stride), slope = dp + ((long)r * stride);
            long at = resultAt + ((long)r * sizes.Width), biasAt = plan.BiasOffset(item, head) + ((long)query * sizes.Keys);
            bool drops = plan.Mask.Threshold > 0;
            if (drops)
            {
                plan.Mask.Fill(factors.Data, (unit * sizes.Queries) + query, 0, seen);
                AttentionRow.Multiply<V>(slope, factors.Data, seen);
            }

            // Σ_j dP_ij P_ij = dO_i · O_i
            float along = (float)RowMath.Dot<V>(dy + at, y + at, depth);
            AttentionRow.Gradient<V>(
                weight, slope, bias == null ? null : bias + biasAt, dBias == null ? null : dBias + biasAt, plan.Scale, kept[2 * r], kept[(2 * r) + 1], along, seen);
            if (drops)
            {
                AttentionRow.Multiply<V>(weight, factors.Data, seen);
            }

            new Span<float>(weight + seen, keys - seen).Clear();
            new Span<float>(slope + seen, keys - seen).Clear();
        }

        if (gradient.V != null)
        {
            Gemm.Run(true, false, keys, depth, rows, p, stride, dy + resultAt, sizes.Width, gradient.V + keyAt, step, accumulate: true);
        }

        if (gradient.Q != null)
        {
            Gemm.Run(false, false, rows, depth, keys, dp, stride, x.K + keyAt, step, gradient.Q + queryAt, step, accumulate: true);
        }

        if (gradient.K != null)
        {
            Gemm.Run(true, false, keys, depth, rows, dp, stride, x.Q + queryAt, step, gradient.K + keyAt, step, accumulate: true);
        }
    }
}

/// <summary>One query's row of products, which has room for whole vectors: what lies behind the last key is nobody's.</summary>
internal static unsafe class AttentionRow
{
    private static ReadOnlySpan<float> Lanes => [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

    /// <summary>
    /// row = row * scale + bias; the largest. Rows have room for whole vectors: lanes behind the last key become -infinity, whose e^x is 0.
    /// </summary>
    public static float Scaled<V>(float* row, float* bias, float scale, int n)
        where V : struct, IVec<V>
    {
        V k = V.Broadcast(scale), none = V.Broadcast(float.NegativeInfinity), largest = none;
        int i = 0;
        for (; i <= n - V.Count; i += V.Count)
        {
            V s = V.Fma(V.Load(row + i), k, bias == null ? V.Zero : V.Load(bias + i));
            s.Store(row + i);
            largest = V.Max(largest, s);
        }

        if (i < n)
        {
            V lanes = V.Load((float*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(Lanes)));
            V s = V.Fma(V.Load(row + i), k, bias == null ? V.Zero : V.Load(bias + i));
            s = V.Select(V.Greater(V.Broadcast(n - i), lanes), s, none);
            s.Store(row + i);
            largest = V.Max(largest, s);
        }

        return largest.MaxLane();
    }

    public static void Multiply<V>(float* row, float* factors, int n)
        where V : struct, IVec<V>
    {
        for (int i = 0; i < n; i += V.Count)
        {
            (V.Load(row + i) * V.Load(factors + i)).Store(row + i);
        }
    }

    /// <summary>Products to weights P = e^(s scale + bias - max) / Σ, and dP to the products' gradient P (dP - along) scale.</summary>
    public static void Gradient<V>(float* weight, float* slope, float* bias, float* dBias, float scale, float max, float over, float along, int n)
        where V : struct, IVec<V>
    {
        V k = V.Broadcast(scale), top = V.Broadcast(max), inverse = V.Broadcast(over), back = V.Broadcast(along);
        for (int i = 0; i < n; i += V.Count)
        {
            V s = V.Fma(V.Load(weight + i), k, bias == null ? V.Zero : V.Load(bias + i));
            V p = VecMath.Exp(s - top) * inverse;
            V d = p * (V.Load(slope + i) - back);
            if (dBias != null)
            {
                RowMath.Put(d, dBias + i, true, n - i);
            }

            p.Store(weight + i);
            (d * k).Store(slope + i);
        }
    }
}
