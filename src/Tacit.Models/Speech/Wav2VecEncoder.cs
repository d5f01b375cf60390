using System.Globalization;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Models;

/// <summary>
/// The encoder network of wav2vec and vq-wav2vec, samples [N, T] to frames [N, T', D], 465 samples every 160, and their context
/// network of causal convolutions over frames, or over quantised frames: <c>Context(Features(waves))</c>.
/// </summary>
/// <remarks>
/// Schneider et al. 2019, arXiv:1904.05862; names as fairseq's checkpoints have them (<c>feature_extractor.conv_layers.0.0.weight</c>,
/// <c>feature_aggregator.conv_layers.0.1.weight</c>). Norms are over an utterance's frames and channels together.
/// </remarks>
public sealed class Wav2VecEncoder : Module
{
    private readonly IReadOnlyList<Block> front, context;

    /// <exception cref="TacitException">Sizes that cannot be.</exception>
    public Wav2VecEncoder(Wav2VecOptions config)
    {
        int[] sizes = [config.Dim, .. config.ConvKernels, .. config.ConvStrides, .. config.ContextKernels];
        if (config.ConvKernels.Count == 0 || config.ConvStrides.Count != config.ConvKernels.Count || sizes.Any(size => size < 1))
        {
            throw new TacitException("A wav2vec encoder needs a kernel and a stride, both at least 1, for each of its convolutions, and at least 1 channel.");
        }

        Config = config;
        front = Add("feature_extractor", new Stack([.. config.ConvKernels.Select((kernel, i) => new Block(config, i == 0 ? 1 : config.Dim, kernel, config.ConvStrides[i]))])).Blocks;
        context = Add("feature_aggregator", new Stack([.. config.ContextKernels.Select(kernel => new Block(config, kernel))])).Blocks;
    }

    public Wav2VecOptions Config { get; }

    /// <summary>Samples that one frame sees; an utterance needs at least as many.</summary>
    public int ReceptiveField => front.Reverse().Aggregate(1, (samples, block) => ((samples - 1) * block.Stride) + block.Kernel);

    /// <summary>Samples from one frame to the next.</summary>
    public int Stride => front.Aggregate(1, (samples, block) => samples * block.Stride);

    /// <summary>Frames made of so many samples.</summary>
    public int[] FrameLengths(int[] lengths) => Array.ConvertAll(lengths, length => front.Aggregate(length, After));

    /// <summary>The encoder network: samples [N, T] to frames [N, T', D], 0 in padding.</summary>
    /// <param name="waves">[N, T]</param>
    /// <param name="lengths">Samples of each item that are real; null where all are.</param>
    /// <exception cref="TacitException">There are fewer samples than one frame sees.</exception>
    public Tensor Features(Tensor waves, int[]? lengths = null)
    {
        if (waves.Rank != 2)
        {
            throw ShapeException.Unfit("Wav2VecEncoder", waves.Shape, "it takes samples [N, T]");
        }

        if (waves.Shape[1] < ReceptiveField)
        {
            throw new TacitException($"{waves.Shape[1]} samples are too few for this encoder, whose frames see {ReceptiveField} each.");
        }

        Tensor x = waves.Reshape(waves.Shape[0], waves.Shape[1], 1);
        foreach (Block block in front)
        {
            lengths = lengths is null ? null : Array.ConvertAll(lengths, length => After(length, block));
            x = block.Forward(x, lengths);
        }

        return Config.LogCompression ? Ops.Log(Ops.Add(Ops.Abs(x), 1)) : x;
    }

    /// <summary>The context network: frames [N, T', D], or what a quantiser made of them, to [N, T', D]; each sees itself and those before it.</summary>
    /// <param name="features">[N, T', D]</param>
    /// <param name="frameLengths">Frames that are real (<see cref="FrameLengths"/>); null where all are.</param>
    /// <param name="hidden">Receives each layer's output.</param>
    /// <param name="depth">Layers to run; all if not given.</param>
    public Tensor Context(Tensor features, int[]? frameLengths = null, List<Tensor>? hidden = null, int? depth = null)
    {
        Tensor x = features;
        foreach (Block block in context.Take(depth ?? context.Count))
        {
            // The first frame stands for those before it.
            Tensor first = Ops.Slice(x, 1, 0, 1);
            Tensor padded = block.Kernel == 1 ? x : Ops.Concat(1, [.. Enumerable.Repeat(first, block.Kernel - 1), x]);
            x = Ops.Multiply(Ops.Add(block.Forward(padded, frameLengths), x), Config.ResidualScale);
            hidden?.Add(x);
        }

        return x;
    }

    private static int After(int length, Block block) => Frames.After(length, block.Kernel, block.Stride);

    private sealed class Stack : Module
    {
        public Stack(IReadOnlyList<Block> blocks)
        {
            Blocks = blocks;
            Add("conv_layers", new Numbered(blocks));
        }

        public IReadOnlyList<Block> Blocks { get; }

        private sealed class Numbered : Module
        {
            public Numbered(IReadOnlyList<Block> blocks)
            {
                for (int i = 0; i < blocks.Count; i++)
                {
                    Add(i.ToString(CultureInfo.InvariantCulture), blocks[i]);
                }
            }
        }
    }

    /// <summary>Convolution, norm over frames and channels, activation; the context's have a bias, and padding before them as layer 0.</summary>
    private sealed class Block : Module
    {
        private readonly Conv1d conv;
        private readonly GroupNorm norm;
        private readonly Activation activation;
        private readonly bool masked;

        public Block(Wav2VecOptions config, int kernel)
            : this(config, config.Dim, kernel, 1, first: 1, bias: true)
        {
        }

        public Block(Wav2VecOptions config, int input, int kernel, int stride)
            : this(config, input, kernel, stride, first: 0, bias: false)
        {
        }

        private Block(Wav2VecOptions config, int input, int kernel, int stride, int first, bool bias)
        {
            (Kernel, Stride, activation, masked) = (kernel, stride, config.Activation, !config.PublishedPadding);
            conv = Add(first.ToString(CultureInfo.InvariantCulture), new Conv1d(input, config.Dim, kernel, stride, bias: bias));
            norm = Add((first + 2).ToString(CultureInfo.InvariantCulture), new GroupNorm(1, config.Dim));
        }

        public int Kernel { get; }

        public int Stride { get; }

        public Tensor Forward(Tensor x, int[]? lengths) => activation.Apply(norm.Forward(conv.Forward(x), masked ? lengths : null));
    }
}
