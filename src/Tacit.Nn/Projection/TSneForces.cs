using System.Runtime.CompilerServices;
using Tacit.Tensors;
using Tacit.Tensors.Simd;
using Tensor = Tacit.Tensors.Tensor;

namespace Tacit.Nn;

/// <summary>What moves the points of t-SNE: attraction Σ p w (y_i − y_j) and repulsion Σ w² (y_i − y_j) / Σ w, with w = 1 / (1 + ‖y_i − y_j‖²).</summary>
/// <remarks>van der Maaten and Hinton 2008, equation 5. Repulsion counts every pair, so no approximation is in it.</remarks>
internal sealed unsafe class TSneForces
{
    private const int BlockRows = 64;

    private readonly Affinities affinities;
    private readonly Tensor sums;       // [5, N]: attraction x and y, repulsion x and y, Σw

    public TSneForces(Affinities affinities)
    {
        this.affinities = affinities;
        sums = Tensor.Lasting(new Shape(5, affinities.Count));
    }

    /// <summary>The gradient of the divergence, with attraction raised by a factor.</summary>
    /// <param name="places">[2, N]: all x, then all y.</param>
    /// <param name="exaggeration">1 for the true gradient.</param>
    /// <param name="gradient">[2, N]</param>
    public void Gradient(Tensor places, double exaggeration, Tensor gradient)
    {
        int n = affinities.Count;
        var body = new Body(affinities, places, sums);
        WorkerPool.Shared.For((n + BlockRows - 1) / BlockRows, ref body);
        double total = 0;
        foreach (float w in sums.Rows(4, 1).Span)
        {
            total += w;
        }

        float near = (float)(4 * exaggeration), far = (float)(4 / Math.Max(total, 1e-30));
        for (int i = 0; i < 2 * n; i++)
        {
            gradient.Data[i] = (near * sums.Data[i]) - (far * sums.Data[(2 * n) + i]);
        }
    }

    private readonly struct Body(Affinities affinities, Tensor places, Tensor sums) : IBlockBody
    {
        public void Invoke(int block)
        {
            int n = affinities.Count, first = block * BlockRows, last = Math.Min(n, first + BlockRows);
            float* dense = affinities.Dense is { } all ? all.Data : null;
            for (int i = first; i < last; i++)
            {
                var pull = new Pull(places.Data, n, i, dense == null ? null : dense + ((long)i * n));
                Width.Dispatch(ref pull);
                if (dense == null)
                {
                    pull.Attract(affinities);
                }

                float* to = sums.Data + i;
                (to[0], to[n], to[2 * n], to[3 * n]) = (pull.AttractX, pull.AttractY, pull.RepelX, pull.RepelY);
                to[4 * n] = pull.Weight;
            }
        }
    }

    /// <summary>One point against all before and all after it; the last few of each, which fill no register, one at a time.</summary>
    private struct Pull(float* places, int n, int i, float* dense) : IWidthAction
    {
        public float AttractX, AttractY, RepelX, RepelY, Weight;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Invoke<V>()
            where V : struct, IVec<V>
        {
            int whole = i - (i % V.Count), end = n - ((n - i - 1) % V.Count);
            Add<V>(0, whole);
            Add<V1>(whole, i);
            Add<V>(i + 1, end);
            Add<V1>(end, n);
        }

        /// <summary>Attraction where only some others attract.</summary>
        public void Attract(Affinities affinities)
        {
            for (int at = affinities.Starts[i]; at < affinities.Starts[i + 1]; at++)
            {
                int j = affinities.Columns[at];
                float x = places[i] - places[j], y = places[n + i] - places[n + j];
                float pull = affinities.Values[at] / (1 + (x * x) + (y * y));
                AttractX += pull * x;
                AttractY += pull * y;
            }
        }

        private void Add<V>(int start, int end)
            where V : struct, IVec<V>
        {
            V one = V.Broadcast(1), ownX = V.Broadcast(places[i]), ownY = V.Broadcast(places[n + i]);
            V attractX = V.Zero, attractY = V.Zero, repelX = V.Zero, repelY = V.Zero, weight = V.Zero;
            for (int j = start; j < end; j += V.Count)
            {
                V x = ownX - V.Load(places + j), y = ownY - V.Load(places + n + j);
                V w = one / V.Fma(x, x, V.Fma(y, y, one));
                V square = w * w;
                weight += w;
                repelX = V.Fma(square, x, repelX);
                repelY = V.Fma(square, y, repelY);
                if (dense != null)
                {
                    V pull = w * V.Load(dense + j);
                    attractX = V.Fma(pull, x, attractX);
                    attractY = V.Fma(pull, y, attractY);
                }
            }

            AttractX += attractX.Sum();
            AttractY += attractY.Sum();
            RepelX += repelX.Sum();
            RepelY += repelY.Sum();
            Weight += weight.Sum();
        }
    }
}
