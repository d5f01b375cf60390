using System.Globalization;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Models;

/// <summary>
/// The convolutional front of wav2vec 2.0: samples [N, T] to frames [N, T', C], 400 samples every 320 in the published sizes.
/// Each layer is a convolution, a norm where there is one, and an exact GELU.
/// </summary>
/// <remarks>
/// Baevski et al. 2020, arXiv:2006.11477, section 2; names as published models have them (<c>conv_layers.0.conv.weight</c>,
/// <c>conv_layers.0.layer_norm.weight</c>). Convolutions begin normal with deviation √(2/fan-in).
/// </remarks>
internal sealed class ConvFront : Module
{
    private readonly Block[] blocks;
    private readonly bool masked;

    public ConvFront(Wav2Vec2Options options)
    {
        masked = !options.PublishedPadding;
        blocks = [.. Add("conv_layers", new Stack(options)).Blocks];
    }

    /// <summary>Samples that one frame sees.</summary>
    public int ReceptiveField
    {
        get
        {
            int samples = 1;
            foreach (Block block in blocks.Reverse())
            {
                samples = ((samples - 1) * block.Stride) + block.Kernel;
            }

            return samples;
        }
    }

    /// <summary>Frames made of so many samples.</summary>
    public int Frames(int samples) => blocks.Aggregate(samples, (length, block) => Models.Frames.After(length, block.Kernel, block.Stride));

    public Tensor Forward(Tensor waves, int[]? lengths)
    {
        Tensor x = waves.Reshape(waves.Shape[0], waves.Shape[1], 1);
        foreach (Block block in blocks)
        {
            lengths = lengths is null || !masked ? null : Array.ConvertAll(lengths, length => Models.Frames.After(length, block.Kernel, block.Stride));
            (Tensor input, int[]? inputLengths) = (x, lengths);
            x = Scope.Part(() => block.Forward(input, inputLengths));
        }

        return x;
    }

    private sealed class Stack : Module
    {
        public Stack(Wav2Vec2Options options) =>
            Blocks = [.. options.ConvDims.Select((_, i) => Add(i.ToString(CultureInfo.InvariantCulture), new Block(options, i)))];

        public IReadOnlyList<Block> Blocks { get; }
    }

    private sealed class Block : Module
    {
        private readonly Conv1d conv;
        private readonly GroupNorm? overTime;
        private readonly LayerNorm? overChannels;

        public Block(Wav2Vec2Options options, int index)
        {
            int input = index == 0 ? 1 : options.ConvDims[index - 1], output = options.ConvDims[index];
            (Kernel, Stride) = (options.ConvKernels[index], options.ConvStrides[index]);
            Initializer initializer = Initializers.Normal(MathF.Sqrt(2f / (input * Kernel)));
            conv = Add("conv", new Conv1d(input, output, Kernel, Stride, bias: options.ConvBias, weightInitializer: initializer));
            overTime = options.FrontNorm == FrontNorm.Group && index == 0 ? Add("layer_norm", new GroupNorm(output, output)) : null;
            overChannels = options.FrontNorm == FrontNorm.Layer ? Add("layer_norm", new LayerNorm(output)) : null;
        }

        public int Kernel { get; }

        public int Stride { get; }

        public Tensor Forward(Tensor x, int[]? lengths)
        {
            x = conv.Forward(x);
            x = overTime?.Forward(x, lengths) ?? overChannels?.Forward(x) ?? x;
            return Ops.Gelu(x);
        }
    }
}
