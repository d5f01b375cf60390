using System.Globalization;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Models;

/// <summary>Forward GRU layers, one module each, with residual connections from the second on: [N, T, F] to [N, T, H] of every layer.</summary>
/// <remarks>
/// Chung et al. 2019 (APC), arXiv:1904.03240: 3 layers of 512 units, dropout 0.1 after all but the last. Names as published:
/// <c>rnn_layers.0.weight_ih_l0</c> ….
/// </remarks>
public sealed class RecurrentStack : Layer
{
    private readonly Gru[] layers;
    private readonly Dropout dropout;
    private readonly bool residual;

    /// <param name="input">F</param>
    /// <param name="hidden">H</param>
    /// <param name="layers">How many.</param>
    /// <param name="dropout">After every layer but the last, in training.</param>
    /// <param name="residual">Whether a layer's input is added to its result, where they have one width.</param>
    public RecurrentStack(int input, int hidden = 512, int layers = 3, float dropout = 0.1f, bool residual = true)
    {
        this.residual = residual;
        Dim = hidden;
        Parts parts = Add("rnn_layers", new Parts());
        this.layers = [.. Enumerable.Range(0, layers).Select(i => parts.Put(i.ToString(CultureInfo.InvariantCulture), new Gru(i == 0 ? input : hidden, hidden)))];
        this.dropout = Add("rnn_dropout", new Dropout(dropout));
    }

    public int Dim { get; }

    /// <summary>The last layer's states.</summary>
    public override Tensor Forward(Tensor x) => Hidden(x, null)[^1];

    /// <summary>The result of every layer, [N, T, H], 0 in padding, which changes nothing.</summary>
    /// <param name="x">[N, T, F]</param>
    /// <param name="lengths">Frames of each item; null: all T.</param>
    public Tensor[] Hidden(Tensor x, int[]? lengths)
    {
        var hidden = new Tensor[layers.Length];
        for (int i = 0; i < layers.Length; i++)
        {
            Tensor y = layers[i].Forward(x, lengths);
            y = i + 1 < layers.Length ? dropout.Forward(y) : y;
            hidden[i] = x = residual && i > 0 ? Ops.Add(y, x) : y;
        }

        return hidden;
    }
}

/// <summary>A choice of one code a frame, [.., D] to [.., code width]: drawn in training, the best in evaluation.</summary>
/// <remarks>
/// Chung et al. 2020 (VQ-APC), arXiv:2005.08392: straight-through Gumbel-softmax at a fixed temperature of 0.5. Names as published:
/// <c>vq_logits</c>, <c>codebook_CxE</c> [width, codes].
/// </remarks>
public sealed class VqLayer : Layer
{
    private readonly Linear logits, table;
    private readonly float temperature;

    /// <param name="input">D</param>
    /// <param name="codes">How many codes there are.</param>
    /// <param name="width">Features of a code.</param>
    /// <param name="temperature">Of the Gumbel-softmax.</param>
    public VqLayer(int input, int codes = 512, int width = 512, float temperature = 0.5f)
    {
        this.temperature = temperature;
        logits = Add("vq_logits", new Linear(input, codes));
        table = Add("codebook_CxE", new Linear(codes, width, bias: false));
    }

    public override Tensor Forward(Tensor x) => Forward(x, out _);

    /// <summary>With the choice, [.., codes]: 1 at one code, 0 elsewhere.</summary>
    public Tensor Forward(Tensor x, out Tensor choice)
    {
        Tensor scores = logits.Forward(x);
        choice = Training ? Ops.GumbelSoftmax(scores, temperature, hard: true, Path) : Best(scores);
        return table.Forward(choice);
    }

    private static Tensor Best(Tensor scores)
    {
        Tensor choice = Tensor.Zeros(scores.Shape);
        int codes = scores.Shape.Last;
        for (int row = 0; row < scores.Shape.Rows; row++)
        {
            choice.Span[(row * codes) + System.Numerics.Tensors.TensorPrimitives.IndexOfMax<float>(scores.Span.Slice(row * codes, codes))] = 1;
        }

        return choice;
    }
}

/// <summary>DeCoAR's encoder: a linear layer, then a stack of forward LSTMs and, apart from it, one of backward LSTMs.</summary>
/// <remarks>
/// Ling et al. 2020, arXiv:1912.01679: 4 + 4 layers of 1024 units. Unlike in a bidirectional LSTM the two stacks never see each
/// other, so that a state tells nothing of what lies on its other side. Names: <c>post_extract_proj</c>, <c>forward_lstm</c>,
/// <c>backward_lstm</c>.
/// </remarks>
public sealed class DecoarEncoder : Layer
{
    private readonly Linear projection;
    private readonly Lstm forward, backward;

    /// <param name="input">F</param>
    /// <param name="hidden">H, of the linear layer and of every LSTM.</param>
    /// <param name="layers">Of each stack.</param>
    /// <param name="dropout">Between layers, in training.</param>
    public DecoarEncoder(int input = 80, int hidden = 1024, int layers = 4, float dropout = 0)
    {
        projection = Add("post_extract_proj", new Linear(input, hidden));
        forward = Add("forward_lstm", new Lstm(hidden, hidden, layers, dropout: dropout));
        backward = Add("backward_lstm", new Lstm(hidden, hidden, layers, dropout: dropout, reverse: true));
        Dim = 2 * hidden;
    }

    /// <summary>2H</summary>
    public int Dim { get; }

    /// <summary>[N, T, F] to [N, T, 2H], the forward states first.</summary>
    public override Tensor Forward(Tensor x)
    {
        var (ahead, back) = Directions(x, null);
        return Ops.Concat(2, ahead, back);
    }

    /// <summary>The last states of both stacks, [N, T, H] each, 0 in padding, which changes nothing.</summary>
    /// <param name="x">[N, T, F]</param>
    /// <param name="lengths">Real frames of each item, at least 1; null: all T.</param>
    public (Tensor Forward, Tensor Backward) Directions(Tensor x, int[]? lengths)
    {
        var frames = new ValidFrames(x, lengths);
        Tensor projected = frames.Unpack(projection.Forward(frames.Pack(x)));
        return (forward.Forward(projected, lengths), backward.Forward(projected, lengths));
    }
}
