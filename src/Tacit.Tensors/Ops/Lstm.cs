using System.Runtime.CompilerServices;
using Tacit.Tensors.Simd;

namespace Tacit.Tensors;

public static partial class Ops
{
    /// <summary>A layer of long short-term memory over whole sequences, in one or both directions, from state and cell of 0.</summary>
    /// <param name="x">[N, T, C]</param>
    /// <param name="forward">Weights of the forward direction; null runs the backward one alone.</param>
    /// <param name="backward">Weights of the direction that starts at an item's last frame; null runs the forward one alone.</param>
    /// <param name="lengths">Frames of each item; null: all T. The result is 0 beyond, and padding changes nothing.</param>
    /// <returns>[N, T, H], or [N, T, 2H] with the forward direction first.</returns>
    /// <exception cref="ShapeException">Weights or lengths do not fit.</exception>
    /// <remarks>
    /// Hochreiter and Schmidhuber 1997 with the forget gate of Gers et al. 2000, in the form of torch.nn.LSTM: i, f, o = σ(·),
    /// g = tanh(·), c' = f c + i g, h' = o tanh c'.
    /// </remarks>
    public static Tensor Lstm(Tensor x, RecurrentWeights? forward, RecurrentWeights? backward = null, int[]? lengths = null) =>
        Recurrent<LstmCell>.Apply(x, forward, backward, lengths);
}

/// <summary>Record: i, f, g, o, c.</summary>
internal readonly unsafe struct LstmCell : ICell
{
    public static string Name => "Lstm";

    public static int Gates => 4;

    public static int Parts => 5;

    public static int InputPart => 0;

    public static int GateWithBiasApart => -1;

    public static int GateOf(int part) => part;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Forward<V>(float* record, int hidden, float* earlier, float* product, V before, V bias, int room)
        where V : struct, IVec<V>
    {
        V i = VecMath.Sigmoid(V.Load(record) + V.Load(product));
        V f = VecMath.Sigmoid(V.Load(record + hidden) + V.Load(product + V.Count));
        V g = VecMath.Tanh(V.Load(record + (2 * hidden)) + V.Load(product + (2 * V.Count)));
        V o = VecMath.Sigmoid(V.Load(record + (3 * hidden)) + V.Load(product + (3 * V.Count)));
        V c = V.Fma(f, Cell<V>(earlier, hidden), i * g);
        RowMath.Put(i, record, false, room);
        RowMath.Put(f, record + hidden, false, room);
        RowMath.Put(g, record + (2 * hidden), false, room);
        RowMath.Put(o, record + (3 * hidden), false, room);
        RowMath.Put(c, record + (4 * hidden), false, room);
        return o * VecMath.Tanh(c);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Backward<V>(float* record, int hidden, float* earlier, V before, V dState, float* kept, int room)
        where V : struct, IVec<V>
    {
        V one = V.Broadcast(1);
        V i = V.Load(record), f = V.Load(record + hidden), g = V.Load(record + (2 * hidden)), o = V.Load(record + (3 * hidden));
        V t = VecMath.Tanh(Cell<V>(record, hidden));
        V dc = V.Fma(dState * o, one - (t * t), V.Load(kept));
        RowMath.Put(dc * g * i * (one - i), record, false, room);
        RowMath.Put(dc * Cell<V>(earlier, hidden) * f * (one - f), record + hidden, false, room);
        RowMath.Put(dc * i * (one - (g * g)), record + (2 * hidden), false, room);
        RowMath.Put(dState * t * o * (one - o), record + (3 * hidden), false, room);
        RowMath.Put(dc * f, kept, false, room);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Cell<V>(float* record, int hidden)
        where V : struct, IVec<V> => record == null ? V.Zero : V.Load(record + (4 * hidden));
}
