using System.Globalization;
using Tacit.Tensors;

namespace Tacit.Nn;

/// <summary>The norm of one block of an <see cref="Mlp"/>.</summary>
public enum Norm
{
    None,
    Batch,

    /// <summary>Batch norm without a learned scale and shift: the last norm of several methods' projectors.</summary>
    BatchWithoutAffine,
    Layer,
}

/// <summary>One block: linear, norm, activation, dropout.</summary>
/// <param name="Out">Width after the linear layer.</param>
/// <param name="Norm">After the linear layer.</param>
/// <param name="Activation">After the norm.</param>
/// <param name="Bias">Whether the linear layer has a bias.</param>
/// <param name="Dropout">Probability of dropping after the activation.</param>
public sealed record MlpBlock(int Out, Norm Norm = Norm.None, Activation Activation = Activation.None, bool Bias = true, float Dropout = 0);

/// <summary>A multi-layer perceptron as a list of blocks: projectors, predictors, heads.</summary>
/// <remarks>Numbered as the same torch.nn.Sequential would be, where activation and dropout count as layers.</remarks>
public sealed class Mlp : Layer
{
    private readonly List<Block> blocks = [];

    /// <param name="input">Width of what comes in.</param>
    /// <param name="blocks">In order.</param>
    public Mlp(int input, params ReadOnlySpan<MlpBlock> blocks)
    {
        int width = input, number = 0;
        string Next() => number++.ToString(CultureInfo.InvariantCulture);
        foreach (MlpBlock block in blocks)
        {
            Linear linear = Add(Next(), new Linear(width, block.Out, block.Bias));
            Layer? norm = block.Norm switch
            {
                Norm.Batch => Add(Next(), new BatchNorm(block.Out)),
                Norm.BatchWithoutAffine => Add(Next(), new BatchNorm(block.Out, affine: false)),
                Norm.Layer => Add(Next(), new LayerNorm(block.Out)),
                _ => null,
            };
            number += block.Activation == Activation.None ? 0 : 1;
            Dropout? dropout = block.Dropout > 0 ? Add(Next(), new Dropout(block.Dropout)) : null;
            this.blocks.Add(new Block(linear, norm, block.Activation, dropout));
            width = block.Out;
        }

        Output = width;
    }

    /// <summary>Width of what goes out.</summary>
    public int Output { get; }

    /// <summary>[.., in] to [.., out]</summary>
    public override Tensor Forward(Tensor x)
    {
        foreach (Block block in blocks)
        {
            x = block.Forward(x);
        }

        return x;
    }

    private sealed record Block(Linear Linear, Layer? Norm, Activation Activation, Dropout? Dropout)
    {
        public Tensor Forward(Tensor x)
        {
            // A ReLU is part of the pass before it.
            bool relu = Activation == Activation.Relu;
            x = Norm switch
            {
                null => Linear.Forward(x, relu),
                BatchNorm batch => batch.Forward(Linear.Forward(x), relu),
                _ when relu => Ops.Relu(Norm.Forward(Linear.Forward(x))),
                _ => Norm.Forward(Linear.Forward(x)),
            };
            x = relu ? x : Activation.Apply(x);
            return Dropout?.Forward(x) ?? x;
        }
    }
}
