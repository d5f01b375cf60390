using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Tacit.Tensors.Simd;

namespace Tacit.Tensors.Kernels;

/// <summary>What is done to a tile's rows right after they are complete, while they are in the first cache.</summary>
internal readonly unsafe record struct Epilogue(nint BiasAddress, bool Relu)
{
    public bool IsEmpty => BiasAddress == 0 && !Relu;

    public void Apply<V>(float* row, int column, int count)
        where V : struct, IVec<V>
    {
        float* bias = BiasAddress == 0 ? null : (float*)BiasAddress + column;
        int i = 0;
        for (; i <= count - V.Count; i += V.Count)
        {
            V x = V.Load(row + i);
            x = bias == null ? x : x + V.Load(bias + i);
            (Relu ? V.Max(x, V.Zero) : x).Store(row + i);
        }

        for (; i < count; i++)
        {
            float x = bias == null ? row[i] : row[i] + bias[i];
            row[i] = Relu ? MathF.Max(x, 0) : x;
        }
    }
}

/// <summary>Runs the right tile over the rows of one block and one panel, with spare rows and ragged columns kept apart.</summary>
internal static unsafe class TileRunner<V>
    where V : struct, IVec<V>
{
    public const int MaxRows = 24;

    /// <summary>Row counts of blocks are multiples of this, so that every tile height divides them.</summary>
    public const int RowQuantum = 24;

    /// <summary>o[i] (+)= a[i] × panel for i &lt; count; pointers are per row.</summary>
    public static void Product(
        int vectors, float** a, int count, nint* taps, int tapCount, nint inner, float* panel, float** o, int column, int valid, bool add, Epilogue epilogue)
    {
        switch (vectors)
        {
            case 1 when V.Registers >= 32:
                int tall = 0;
                for (; tall <= count - Tile24<V>.Rows && Tile24<V>.Fits(a + tall); tall += Tile24<V>.Rows)
                {
                    Product<Tile24<V>>(a + tall, Tile24<V>.Rows, taps, tapCount, inner, panel, o + tall, column, valid, add, epilogue);
                }

                Product<Tile12<Row1<V>, V>>(a + tall, count - tall, taps, tapCount, inner, panel, o + tall, column, valid, add, epilogue);
                break;
            case 1: Product<Tile12<Row1<V>, V>>(a, count, taps, tapCount, inner, panel, o, column, valid, add, epilogue); break;
            case 2 when V.Registers >= 32: Product<Tile12<Row2<V>, V>>(a, count, taps, tapCount, inner, panel, o, column, valid, add, epilogue); break;
            case 2: Product<Tile6<Row2<V>, V>>(a, count, taps, tapCount, inner, panel, o, column, valid, add, epilogue); break;
            case 3 when V.Registers >= 32: Product<Tile8<Row3<V>, V>>(a, count, taps, tapCount, inner, panel, o, column, valid, add, epilogue); break;
            case 3: Product<Tile4<Row3<V>, V>>(a, count, taps, tapCount, inner, panel, o, column, valid, add, epilogue); break;
            default: Product<Tile6x4<V>>(a, count, taps, tapCount, inner, panel, o, column, valid, add, epilogue); break;
        }
    }

    /// <summary>o[r][n] (+)= Σ x[m][offset + r] · y[m][n] for r &lt; rows; rows beyond the last are written up to the next tile's end.</summary>
    public static void Outer(int vectors, float** x, nint offset, int rows, float* y, nint stride, int count, float* o, nint rowStride, bool add)
    {
        switch (vectors)
        {
            case 1 when V.Registers >= 32:
                int tall = (rows + Tile12<Row1<V>, V>.Rows - 1) / Tile24<V>.Rows * Tile24<V>.Rows;     // a rest of more than 12 is worth a tall tile
                Outer<Tile24<V>>(x, offset, Math.Min(rows, tall), y, stride, count, o, rowStride, add);
                Outer<Tile12<Row1<V>, V>>(x, offset + tall, rows - tall, y, stride, count, o + (tall * rowStride), rowStride, add);
                break;
            case 1: Outer<Tile12<Row1<V>, V>>(x, offset, rows, y, stride, count, o, rowStride, add); break;
            case 2 when V.Registers >= 32: Outer<Tile12<Row2<V>, V>>(x, offset, rows, y, stride, count, o, rowStride, add); break;
            case 2: Outer<Tile6<Row2<V>, V>>(x, offset, rows, y, stride, count, o, rowStride, add); break;
            case 3 when V.Registers >= 32: Outer<Tile8<Row3<V>, V>>(x, offset, rows, y, stride, count, o, rowStride, add); break;
            case 3: Outer<Tile4<Row3<V>, V>>(x, offset, rows, y, stride, count, o, rowStride, add); break;
            default: Outer<Tile6x4<V>>(x, offset, rows, y, stride, count, o, rowStride, add); break;
        }
    }

    private static void Product<TTile>(
        float** a, int count, nint* taps, int tapCount, nint inner, float* panel, float** o, int column, int valid, bool add, Epilogue epilogue)
        where TTile : struct, ITile<V>
    {
        int width = TTile.Vectors * V.Count;
        bool ragged = valid < width;
        int whole = ragged ? 0 : count / TTile.Rows * TTile.Rows;
        for (int r = 0; r < whole; r += TTile.Rows)
        {
            Fetch(o + r, TTile.Rows, column, TTile.Vectors);
            TTile.Product(a + r, taps, tapCount, inner, panel, o + r, column, add);
            Finish(o + r, TTile.Rows, column, width, epilogue);
        }

        if (whole < count)
        {
            Rest<TTile>(a + whole, count - whole, taps, tapCount, inner, panel, o + whole, column, valid, add, epilogue);
        }
    }

    /// <summary>Asks for the lines that a tile will write, which come while it computes: a store would wait for them.</summary>
    private static void Fetch(float** o, int rows, int column, int vectors)
    {
        if (Sse.IsSupported)
        {
            for (int r = 0; r < rows; r++)
            {
                float* line = o[r] + column;
                for (int v = 0; v < vectors; v++)
                {
                    Sse.Prefetch0(line + (v * V.Count));
                }
            }
        }
    }

    /// <summary>Rows or columns that do not fill a tile: what is too much goes into spare memory.</summary>
    [SkipLocalsInit]
    private static void Rest<TTile>(
        float** a, int count, nint* taps, int tapCount, nint inner, float* panel, float** o, int column, int valid, bool add, Epilogue epilogue)
        where TTile : struct, ITile<V>
    {
        int width = TTile.Vectors * V.Count;
        bool ragged = valid < width;
        float* spare = stackalloc float[(MaxRows * 4 * 16) + 16];
        float** rows = stackalloc float*[MaxRows];
        float** outs = stackalloc float*[MaxRows];
        for (int r0 = 0; r0 < count; r0 += TTile.Rows)
        {
            int n = Math.Min(TTile.Rows, count - r0);
            for (int r = 0; r < TTile.Rows; r++)
            {
                rows[r] = a[Math.Min(r0 + r, count - 1)];
                outs[r] = r < n && !ragged ? o[r0 + r] + column : spare + (r * width);
            }

            TTile.Product(rows, taps, tapCount, inner, panel, outs, 0, add && !ragged);
            if (ragged)
            {
                for (int r = 0; r < n; r++)
                {
                    CopyRagged(spare + (r * width), o[r0 + r] + column, valid, add);
                }
            }

            Finish(o + r0, n, column, Math.Min(valid, width), epilogue);
        }
    }

    private static void Finish(float** o, int rows, int column, int columns, Epilogue epilogue)
    {
        if (!epilogue.IsEmpty)
        {
            for (int r = 0; r < rows; r++)
            {
                epilogue.Apply<V>(o[r] + column, column, columns);
            }
        }
    }

    private static void CopyRagged(float* source, float* target, int count, bool add)
    {
        for (int i = 0; i < count; i++)
        {
            target[i] = add ? target[i] + source[i] : source[i];
        }
    }

    private static void Outer<TTile>(float** x, nint offset, int rows, float* y, nint stride, int count, float* o, nint rowStride, bool add)
        where TTile : struct, ITile<V>
    {
        for (int r = 0; r < rows; r += TTile.Rows)
        {
            TTile.Outer(x, offset + r, y, stride, count, o + (r * rowStride), rowStride, add);
        }
    }
}
