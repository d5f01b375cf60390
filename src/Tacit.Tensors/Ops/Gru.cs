using System.Runtime.CompilerServices;
using Tacit.Tensors.Simd;

namespace Tacit.Tensors;

public static partial class Ops
{
    /// <summary>A layer of gated recurrent units over whole sequences, in one or both directions, from a state of 0.</summary>
    /// <param name="x">[N, T, C]</param>
    /// <param name="forward">Weights of the forward direction; null runs the backward one alone.</param>
    /// <param name="backward">Weights of the direction that starts at an item's last frame; null runs the forward one alone.</param>
    /// <param name="lengths">Frames of each item; null: all T. The result is 0 beyond, and padding changes nothing.</param>
    /// <returns>[N, T, H], or [N, T, 2H] with the forward direction first.</returns>
    /// <exception cref="ShapeException">Weights or lengths do not fit.</exception>
    /// <remarks>
    /// Cho et al. 2014, arXiv:1406.1078, in the form of torch.nn.GRU: r = σ(W_ir x + b_ir + W_hr h + b_hr), z likewise,
    /// n = tanh(W_in x + b_in + r (W_hn h + b_hn)), h' = (1 - z) n + z h.
    /// </remarks>
    public static Tensor Gru(Tensor x, RecurrentWeights? forward, RecurrentWeights? backward = null, int[]? lengths = null) =>
        Recurrent<GruCell>.Apply(x, forward, backward, lengths);
}

/// <summary>Record: W_hn h + b_hn, r, z, n.</summary>
internal readonly unsafe struct GruCell : ICell
{
    public static string Name => "Gru";

    public static int Gates => 3;

    public static int Parts => 4;

    public static int InputPart => 1;

    public static int GateWithBiasApart => 2;

    public static int GateOf(int part) => part == 0 ? 2 : part - 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Forward<V>(float* record, int hidden, float* earlier, float* product, V before, V bias, int room)
        where V : struct, IVec<V>
    {
        V candidate = V.Load(product + (2 * V.Count)) + bias;
        V r = VecMath.Sigmoid(V.Load(record + hidden) + V.Load(product));
        V z = VecMath.Sigmoid(V.Load(record + (2 * hidden)) + V.Load(product + V.Count));
        V n = VecMath.Tanh(V.Fma(r, candidate, V.Load(record + (3 * hidden))));
        RowMath.Put(candidate, record, false, room);
        RowMath.Put(r, record + hidden, false, room);
        RowMath.Put(z, record + (2 * hidden), false, room);
        RowMath.Put(n, record + (3 * hidden), false, room);
        return V.Fma(z, before - n, n);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Backward<V>(float* record, int hidden, float* earlier, V before, V dState, float* kept, int room)
        where V : struct, IVec<V>
    {
        V one = V.Broadcast(1);
        V candidate = V.Load(record), r = V.Load(record + hidden), z = V.Load(record + (2 * hidden)), n = V.Load(record + (3 * hidden));
        V dh = dState + V.Load(kept);
        V dn = dh * (one - z) * (one - (n * n));
        RowMath.Put(dn * r, record, false, room);
        RowMath.Put(dn * candidate * r * (one - r), record + hidden, false, room);
        RowMath.Put(dh * (before - n) * z * (one - z), record + (2 * hidden), false, room);
        RowMath.Put(dn, record + (3 * hidden), false, room);
        RowMath.Put(dh * z, kept, false, room);
    }
}
