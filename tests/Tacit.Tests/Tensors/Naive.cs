using Tacit.Tensors;

namespace Tacit.Tests.Tensors;

/// <summary>Operators as their definitions read, in double precision, one number at a time.</summary>
internal static class Naive
{
    public static double[] Broadcast(double[] a, Shape shapeA, double[] b, Shape shapeB, Func<double, double, double> f)
    {
        int rank = Math.Max(shapeA.Rank, shapeB.Rank);
        var dims = new int[rank];
        for (int i = 0; i < rank; i++)
        {
            dims[i] = Math.Max(Size(shapeA, i), Size(shapeB, i));
        }

        var result = new double[new Shape(dims).Length];
        for (int at = 0; at < result.Length; at++)
        {
            int rest = at, stride = result.Length, ia = 0, ib = 0;
            for (int i = 0; i < rank; i++)
            {
                stride /= dims[i];
                int index = rest / stride;
                rest %= stride;
                ia = (ia * Size(shapeA, i)) + (Size(shapeA, i) == 1 ? 0 : index);
                ib = (ib * Size(shapeB, i)) + (Size(shapeB, i) == 1 ? 0 : index);
            }

            result[at] = f(a[ia], b[ib]);
        }

        return result;

        int Size(Shape s, int axis) => axis < rank - s.Rank ? 1 : s[axis - (rank - s.Rank)];
    }

    /// <summary>Applies a function to every row of n numbers.</summary>
    public static double[] Rows(double[] x, int n, Func<double[], IEnumerable<double>> f) => [.. x.Chunk(n).SelectMany(f)];

    public static double[] Softmax(double[] row)
    {
        double max = row.Max();
        double sum = row.Sum(x => Math.Exp(x - max));
        return [.. row.Select(x => Math.Exp(x - max) / sum)];
    }

    /// <summary>The biased variance.</summary>
    public static double Variance(double[] x)
    {
        double mean = x.Average();
        return x.Average(v => (v - mean) * (v - mean));
    }

    /// <summary>[outer, n, inner] folded along the middle axis.</summary>
    public static double[] Fold(double[] x, int outer, int n, int inner, Func<double[], double> f)
    {
        var result = new double[outer * inner];
        for (int o = 0; o < outer; o++)
        {
            for (int i = 0; i < inner; i++)
            {
                result[(o * inner) + i] = f([.. Enumerable.Range(0, n).Select(r => x[(((o * n) + r) * inner) + i])]);
            }
        }

        return result;
    }

    /// <summary>Windows over [n, h, w, c]; a mean counts padding as zeros.</summary>
    public static double[] Pool(double[] x, int n, int h, int w, int c, int kh, int kw, int stride, int ph, int pw, bool max)
    {
        var y = new List<double>();
        for (int i = 0; i < n; i++)
        {
            for (int top = -ph; top + kh <= h + ph; top += stride)
            {
                for (int left = -pw; left + kw <= w + pw; left += stride)
                {
                    for (int k = 0; k < c; k++)
                    {
                        var seen = new List<double>();
                        for (int row = Math.Max(0, top); row < Math.Min(h, top + kh); row++)
                        {
                            for (int column = Math.Max(0, left); column < Math.Min(w, left + kw); column++)
                            {
                                seen.Add(x[(((((i * h) + row) * w) + column) * c) + k]);
                            }
                        }

                        y.Add(max ? seen.Max() : seen.Sum() / (kh * kw));
                    }
                }
            }
        }

        return [.. y];
    }
}
