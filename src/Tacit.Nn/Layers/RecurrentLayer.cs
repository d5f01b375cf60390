using System.Globalization;
using Tacit.Tensors;

namespace Tacit.Nn;

/// <summary>Stacked recurrent layers over sequences: what <see cref="Gru"/> and <see cref="Lstm"/> share.</summary>
/// <remarks>
/// Names as torch.nn.GRU and LSTM (<c>weight_ih_l0</c> [gates · H, C], <c>weight_hh_l0</c> [gates · H, H], <c>bias_ih_l0</c>,
/// <c>bias_hh_l0</c>, and <c>_reverse</c> of each), and their starting values: all uniform within ±1/√H.
/// </remarks>
public abstract class RecurrentLayer : Layer
{
    private readonly List<RecurrentWeights?[]> layers = [];
    private readonly float dropout;

    private protected RecurrentLayer(int gates, int input, int hidden, int layers, bool bidirectional, float dropout, bool bias, bool reverse)
    {
        if (!(dropout >= 0 && dropout < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(dropout), dropout, "A dropout probability is at least 0 and below 1.");
        }

        if (bidirectional && reverse)
        {
            throw new ArgumentException("A layer that runs in both directions cannot be the backward one alone.", nameof(reverse));
        }

        this.dropout = dropout;
        Output = bidirectional ? 2 * hidden : hidden;
        float bound = 1 / MathF.Sqrt(hidden);
        Initializer uniform = Initializers.Uniform(-bound, bound);
        for (int layer = 0; layer < layers; layer++)
        {
            RecurrentWeights One(string suffix)
            {
                string at = string.Create(CultureInfo.InvariantCulture, $"l{layer}{suffix}");
                return new RecurrentWeights(
                    AddParameter($"weight_ih_{at}", new Shape(gates * hidden, layer == 0 ? input : Output), uniform),
                    AddParameter($"weight_hh_{at}", new Shape(gates * hidden, hidden), uniform),
                    bias ? AddParameter($"bias_ih_{at}", new Shape(gates * hidden), uniform) : null,
                    bias ? AddParameter($"bias_hh_{at}", new Shape(gates * hidden), uniform) : null);
            }

            RecurrentWeights first = One(string.Empty);
            this.layers.Add(reverse ? [null, first] : [first, bidirectional ? One("_reverse") : null]);
        }
    }

    /// <summary>Features of the result: H, or 2H in both directions.</summary>
    public int Output { get; }

    /// <summary>[N, T, C] to [N, T, <see cref="Output"/>]</summary>
    public override Tensor Forward(Tensor x) => Forward(x, null);

    /// <summary>With the frames of each item; the result is 0 beyond them and does not depend on what is there.</summary>
    public Tensor Forward(Tensor x, int[]? lengths)
    {
        for (int layer = 0; layer < layers.Count; layer++)
        {
            x = layer > 0 && Training && dropout > 0 ? Ops.Dropout(x, dropout, Path) : x;
            x = Run(x, layers[layer][0], layers[layer][1], lengths);
        }

        return x;
    }

    private protected abstract Tensor Run(Tensor x, RecurrentWeights? forward, RecurrentWeights? backward, int[]? lengths);
}

/// <summary>Stacked layers of gated recurrent units, [N, T, C] to [N, T, H] (2H in both directions).</summary>
/// <remarks>Cho et al. 2014, arXiv:1406.1078; formulas, names and starting values as torch.nn.GRU, gates in the order r, z, n.</remarks>
/// <param name="input">C</param>
/// <param name="hidden">H</param>
/// <param name="layers">Layers on top of each other.</param>
/// <param name="bidirectional">Whether each layer also runs from the last frame to the first.</param>
/// <param name="dropout">Probability of dropping between layers, in training.</param>
/// <param name="bias">Whether there are biases.</param>
/// <param name="reverse">Whether the layers run from the last frame to the first only; their names then carry no suffix.</param>
public sealed class Gru(int input, int hidden, int layers = 1, bool bidirectional = false, float dropout = 0, bool bias = true, bool reverse = false)
    : RecurrentLayer(3, input, hidden, layers, bidirectional, dropout, bias, reverse)
{
    private protected override Tensor Run(Tensor x, RecurrentWeights? forward, RecurrentWeights? backward, int[]? lengths) => Ops.Gru(x, forward, backward, lengths);
}

/// <summary>Stacked layers of long short-term memory, [N, T, C] to [N, T, H] (2H in both directions).</summary>
/// <remarks>Hochreiter and Schmidhuber 1997; formulas, names and starting values as torch.nn.LSTM, gates in the order i, f, g, o.</remarks>
/// <param name="input">C</param>
/// <param name="hidden">H</param>
/// <param name="layers">Layers on top of each other.</param>
/// <param name="bidirectional">Whether each layer also runs from the last frame to the first.</param>
/// <param name="dropout">Probability of dropping between layers, in training.</param>
/// <param name="bias">Whether there are biases.</param>
/// <param name="reverse">Whether the layers run from the last frame to the first only; their names then carry no suffix.</param>
public sealed class Lstm(int input, int hidden, int layers = 1, bool bidirectional = false, float dropout = 0, bool bias = true, bool reverse = false)
    : RecurrentLayer(4, input, hidden, layers, bidirectional, dropout, bias, reverse)
{
    private protected override Tensor Run(Tensor x, RecurrentWeights? forward, RecurrentWeights? backward, int[]? lengths) => Ops.Lstm(x, forward, backward, lengths);
}
