using System.Runtime.CompilerServices;
using Tacit.Tensors;
using Tacit.Tensors.Kernels;
using Tacit.Tensors.Simd;

namespace Tacit.Methods;

/// <summary>
/// The normalised temperature-scaled cross-entropy: in a batch of N pairs each view must find its partner among the other 2N − 1.
/// </summary>
/// <remarks>
/// Chen et al. 2020, arXiv:2002.05709, equation 1 and Algorithm 1:
/// ℓ(i) = −log( exp(sᵢₚ/T) / Σ_{j≠i} exp(sᵢⱼ/T) ) with sᵢⱼ the cosine of rows i and j and p the partner of i, averaged over all rows.
/// Similarities are made for a chunk of rows at a time and made again in backward, so memory grows with N, not N².
/// Chunks and blocks are functions of the shape alone: any number of threads gives the same bits.
/// </remarks>
public static unsafe class NtXent
{
    /// <summary>Below this the division by the temperature means nothing.</summary>
    public const float SmallestTemperature = 1e-8f;

    /// <summary>The loss, a scalar.</summary>
    /// <param name="z">Projections [2N, D], rows i and i + N a pair; they are L2-normalised here.</param>
    /// <param name="temperature">T; below 0 turns agreement into disagreement.</param>
    /// <exception cref="ShapeException">Not a matrix, or an odd number of rows.</exception>
    /// <exception cref="ArgumentOutOfRangeException">|T| below 1e-8.</exception>
    public static Tensor Loss(Tensor z, float temperature) => Loss(z, temperature, out _);

    /// <summary>The loss, and how well pairs were found.</summary>
    public static Tensor Loss(Tensor z, float temperature, out NtXentStatistics statistics)
    {
        if (z.Rank != 2 || z.Shape[0] == 0 || z.Shape[0] % 2 != 0)
        {
            throw ShapeException.Unfit("NtXent", z.Shape, "it takes [2N, D], the rows of axis 0 being N first views and then their N partners");
        }

        if (!(MathF.Abs(temperature) >= SmallestTemperature))
        {
            throw new ArgumentOutOfRangeException(nameof(temperature), $"NtXent: the temperature {temperature} is too near 0; its size must be at least {SmallestTemperature}.");
        }

        Tensor u = Ops.L2Normalize(z);                          // [2N, D], rows of length 1
        int rows = u.Shape[0];
        Tensor logSums = Tensor.Empty(new Shape(Padded(rows)));
        logSums.Span.Clear();
        Tensor sums = Tensor.Zeros(new Shape(4 * rows));        // 2N doubles: each row's loss, then its positive similarity
        Tensor hits = Tensor.Empty(new Shape(rows));
        var chunk = new Chunk(u, temperature);
        using (Scratch memory = Scratch.Rent(chunk.Rows * chunk.Stride))
        {
            for (int first = 0; first < rows; first += chunk.Rows)
            {
                int count = Math.Min(chunk.Rows, rows - first);
                chunk.Similarities(first, count, memory.Data);
                var action = new Forward(chunk, first, count, memory.Data, logSums.Data, (double*)sums.Data, hits.Data);
                Width.Dispatch(ref action);
            }
        }

        double loss = 0, positive = 0, found = 0;
        for (int i = 0; i < rows; i++)
        {
            loss += ((double*)sums.Data)[i];
            positive += ((double*)sums.Data)[rows + i];
            found += hits.Data[i];
        }

        Tensor result = Tensor.Scalar((float)(loss / rows));
        statistics = new NtXentStatistics(positive / rows, Negative(u, positive), found / rows);
        if (Tape.Wants(u, "NtXent"))
        {
            Tape.Add(new NtXentNode(u, temperature, logSums, result));
        }

        return result;
    }

    /// <summary>The loss when all rows are alike: ln(2N − 1), where nothing is told apart.</summary>
    public static double Chance(int pairs) => Math.Log((2 * pairs) - 1);

    internal static int Padded(int rows) => (rows + 15) & ~15;

    /// <summary>Mean cosine of rows that are no pair, from ‖Σu‖², which holds every product of two rows once each way.</summary>
    internal static double Negative(Tensor u, double positives)
    {
        int rows = u.Shape[0], width = u.Shape[1];
        Tensor memory = Tensor.Zeros(new Shape(4 * width));         // width doubles of sums, then of squares
        double* sums = (double*)memory.Data, squares = sums + width;
        for (int i = 0; i < rows; i++)
        {
            float* row = u.Data + ((nint)i * width);
            for (int d = 0; d < width; d++)
            {
                sums[d] += row[d];
                squares[d] += (double)row[d] * row[d];
            }
        }

        double all = 0, own = 0;
        for (int d = 0; d < width; d++)
        {
            all += sums[d] * sums[d];
            own += squares[d];
        }

        return rows == 2 ? 0 : (all - own - positives) / ((double)rows * (rows - 2));
    }

    /// <summary>The similarities of a few rows with all rows, [count, 2N] in rows of <see cref="Stride"/>.</summary>
    internal readonly struct Chunk
    {
        private const int MaxFloats = 1 << 20;      // 4 MB of similarities at once, where 128 rows fit in that

        private readonly float* u;
        private readonly int all, width;

        public Chunk(Tensor u, float temperature)
        {
            this.u = u.Data;
            all = u.Shape[0];
            width = u.Shape[1];
            Stride = Padded(all);
            Rows = Math.Min(all, Math.Max(128, MaxFloats / Stride));
            Scale = 1 / temperature;
        }

        public int All => all;

        /// <summary>Rows of a chunk: a function of 2N alone.</summary>
        public int Rows { get; }

        public int Stride { get; }

        /// <summary>1 / T.</summary>
        public float Scale { get; }

        /// <summary>Cosines of rows [first, first + count) with every row; a row with itself, and the padding, become as unlike as can be.</summary>
        public void Similarities(int first, int count, float* s)
        {
            Gemm.Run(false, true, count, all, width, u + ((nint)first * width), width, u, width, s, Stride);
            float never = Scale > 0 ? -1e30f : 1e30f;
            for (int i = 0; i < count; i++)
            {
                float* row = s + ((nint)i * Stride);
                row[first + i] = never;
                new Span<float>(row + all, Stride - all).Fill(never);
            }
        }

        /// <summary>du[first …] (+)= W · u.</summary>
        public void Gradients(int first, int count, float* weights, Gradient du) =>
            Gemm.Run(false, false, count, width, all, weights, Stride, u, width, du.Data + ((nint)first * width), width, du.Add);
    }

    private const int RowsPerBlock = 8;

    private readonly struct Forward(Chunk chunk, int first, int count, float* s, float* logSums, double* sums, float* hits) : IWidthAction
    {
        public void Invoke<V>()
            where V : struct, IVec<V>
        {
            var body = new ForwardRows<V>(chunk, first, count, s, logSums, sums, hits);
            WorkerPool.Shared.For((count + RowsPerBlock - 1) / RowsPerBlock, ref body);
        }
    }

    private readonly struct ForwardRows<V>(Chunk chunk, int first, int count, float* s, float* logSums, double* sums, float* hits) : IBlockBody
        where V : struct, IVec<V>
    {
        public void Invoke(int block)
        {
            for (int i = block * RowsPerBlock; i < Math.Min(count, (block + 1) * RowsPerBlock); i++)
            {
                int row = first + i;
                int partner = (row + (chunk.All / 2)) % chunk.All;
                float* similarity = s + ((nint)i * chunk.Stride);
                double logSum = LogSumExp(similarity, out float largest);
                logSums[row] = (float)logSum;
                sums[row] = logSum - ((double)similarity[partner] * chunk.Scale);
                sums[chunk.All + row] = similarity[partner];
                hits[row] = similarity[partner] * chunk.Scale >= largest ? 1 : 0;
            }
        }

        /// <summary>log Σ exp(x/T) over a row; lanes add at most 32 terms in float32, the rest in double.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private double LogSumExp(float* x, out float largest)
        {
            int n = chunk.Stride;
            V scale = V.Broadcast(chunk.Scale);
            V max = V.Load(x) * scale;
            for (int j = V.Count; j < n; j += V.Count)
            {
                max = V.Max(max, V.Load(x + j) * scale);
            }

            largest = max.MaxLane();
            V shift = V.Broadcast(largest);
            double sum = 0;
            for (int j = 0; j < n;)
            {
                V part = V.Zero;
                for (int end = Math.Min(n, j + (32 * V.Count)); j < end; j += V.Count)
                {
                    part += VecMath.Exp((V.Load(x + j) * scale) - shift);
                }

                sum += part.Sum();
            }

            return largest + Math.Log(sum);
        }
    }

    /// <summary>Turns similarities into the weights of dL/du = W · u (see <see cref="NtXentNode"/>).</summary>
    internal readonly struct Weigh(Chunk chunk, int first, int count, float* s, float* logSums, float factor) : IWidthAction
    {
        public void Invoke<V>()
            where V : struct, IVec<V>
        {
            var body = new WeighRows<V>(chunk, first, count, s, logSums, factor);
            WorkerPool.Shared.For((count + RowsPerBlock - 1) / RowsPerBlock, ref body);
        }
    }

    private readonly struct WeighRows<V>(Chunk chunk, int first, int count, float* s, float* logSums, float factor) : IBlockBody
        where V : struct, IVec<V>
    {
        public void Invoke(int block)
        {
            for (int i = block * RowsPerBlock; i < Math.Min(count, (block + 1) * RowsPerBlock); i++)
            {
                float* row = s + ((nint)i * chunk.Stride);
                Probabilities(row, logSums[first + i]);
                row[(first + i + (chunk.All / 2)) % chunk.All] -= 2 * factor;
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Probabilities(float* x, float logSum)
        {
            V scale = V.Broadcast(chunk.Scale), own = V.Broadcast(logSum), times = V.Broadcast(factor);
            for (int j = 0; j < chunk.Stride; j += V.Count)
            {
                V similarity = V.Load(x + j) * scale;
                V both = VecMath.Exp(similarity - own) + VecMath.Exp(similarity - V.Load(logSums + j));
                (both * times).Store(x + j);
            }
        }
    }
}

/// <summary>How well pairs were found in one batch.</summary>
/// <param name="Positive">Mean cosine of the two views of a picture.</param>
/// <param name="Negative">Mean cosine of views of different pictures.</param>
/// <param name="Accuracy">Share of rows whose partner is the most similar of all other rows.</param>
public readonly record struct NtXentStatistics(double Positive, double Negative, double Accuracy);

/// <summary>
/// dL/duᵢ = 1/(2N·T) · (Σ_{j≠i} (Pᵢⱼ + Pⱼᵢ) uⱼ − 2 uₚ), where Pᵢⱼ = exp(sᵢⱼ/T − logsumᵢ): s is symmetric, so row i of both
/// P and its transpose comes from the same similarities.
/// </summary>
internal sealed unsafe class NtXentNode(Tensor u, float temperature, Tensor logSums, Tensor loss) : Node("NtXent", loss)
{
    public override void Backward()
    {
        var chunk = new NtXent.Chunk(u, temperature);
        float factor = Output.GradientData[0] / ((float)chunk.All * temperature);
        Gradient du = u.GradientTarget();
        using Scratch memory = Scratch.Rent(chunk.Rows * chunk.Stride);
        for (int first = 0; first < chunk.All; first += chunk.Rows)
        {
            int count = Math.Min(chunk.Rows, chunk.All - first);
            chunk.Similarities(first, count, memory.Data);
            var weigh = new NtXent.Weigh(chunk, first, count, memory.Data, logSums.Data, factor);
            Width.Dispatch(ref weigh);
            chunk.Gradients(first, count, memory.Data, du);
        }
    }
}
