using System.Globalization;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Models;

/// <summary>Positions told by a convolution over the frames themselves, to be added to them: [N, T, D] to [N, T, D].</summary>
/// <remarks>
/// wav2vec 2.0 (Baevski et al. 2020, arXiv:2006.11477): one grouped convolution with weight norm per kernel place
/// (<c>conv.weight_g</c>, <c>conv.weight_v</c>, <c>conv.bias</c>) that begins normal with deviation √(4/(k·D)), and GELU.
/// data2vec (Baevski et al. 2022, arXiv:2202.03555): a stack of plain ones, each with a layer norm that learns nothing
/// (<c>layers.0.conv.weight</c>). An even kernel's last frame is left out.
/// </remarks>
internal sealed class ConvPositions : Module
{
    private readonly WeightNormConv1d? conv;
    private readonly IReadOnlyList<Block>? blocks;
    private readonly bool masked;

    public ConvPositions(Wav2Vec2Options options)
    {
        masked = !options.PublishedPadding;
        int dim = options.Dim, kernel = options.PositionKernel, groups = options.PositionGroups;
        if (options.PositionDepth > 1)
        {
            blocks = Add("layers", new Stack(options)).Blocks;
            return;
        }

        Initializer initializer = Initializers.Normal(MathF.Sqrt(4f / ((float)kernel * dim)));
        conv = Add("conv", new WeightNormConv1d(
            dim, dim, kernel, padding: kernel / 2, groups: groups, perPlace: true, weightInitializer: initializer, biasInitializer: Initializers.Zeros));
    }

    /// <param name="x">[N, T, D], 0 in padding.</param>
    /// <param name="lengths">Frames that are real. Between the convolutions of a stack padding becomes 0 again, as if there were none.</param>
    public Tensor Forward(Tensor x, int[]? lengths)
    {
        if (blocks is null)
        {
            return Ops.Gelu(First(conv!.Forward(x), x.Shape[1]));
        }

        for (int i = 0; i < blocks.Count; i++)
        {
            x = blocks[i].Forward(i > 0 && masked ? Frames.Mask(x, lengths) : x);
        }

        return x;
    }

    private static Tensor First(Tensor x, int frames) => x.Shape[1] == frames ? x : Ops.Slice(x, 1, 0, frames);

    private sealed class Stack : Module
    {
        public Stack(Wav2Vec2Options options) =>
            Blocks = [.. Enumerable.Range(0, options.PositionDepth).Select(i => Add(i.ToString(CultureInfo.InvariantCulture), new Block(options)))];

        public IReadOnlyList<Block> Blocks { get; }
    }

    private sealed class Block : Layer
    {
        private readonly Conv1d conv;

        public Block(Wav2Vec2Options options) => conv = Add("conv", new Conv1d(
            options.Dim, options.Dim, options.PositionKernel, padding: options.PositionKernel / 2, groups: options.PositionGroups));

        public override Tensor Forward(Tensor x) => Ops.Gelu(Ops.LayerNorm(First(conv.Forward(x), x.Shape[1]), null, null));
    }
}
