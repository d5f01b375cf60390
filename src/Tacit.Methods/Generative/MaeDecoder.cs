using System.Globalization;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>MAE's decoder: encoded patches back at their places among mask tokens, positions, a few blocks, pixels.</summary>
/// <remarks>He et al. 2021, arXiv:2111.06377, section 3. It is thrown away after pre-training.</remarks>
internal sealed class MaeDecoder : Module
{
    private readonly Linear embed, predict;
    private readonly Tensor maskToken;
    private readonly TransformerBlock[] blocks;
    private readonly LayerNorm norm;
    private readonly bool hasClassToken;
    private readonly GridPositions positions;

    /// <param name="encoder">Whose output it reads and whose patches it writes.</param>
    /// <param name="dim">Width, a multiple of 4 and of the heads.</param>
    /// <param name="depth">Blocks.</param>
    /// <param name="heads">Of each block.</param>
    public MaeDecoder(VisionTransformer encoder, int dim, int depth, int heads)
    {
        hasClassToken = encoder.HasClassToken;
        positions = new GridPositions(dim);
        embed = Add("embed", new Linear(encoder.Dim, dim, weightInitializer: Initializers.XavierUniform(), biasInitializer: Initializers.Zeros));
        maskToken = AddParameter("mask_token", new Shape(1, 1, dim), Initializers.Normal(0.02f));
        blocks = [.. Enumerable.Range(0, depth).Select(i => Add(string.Create(CultureInfo.InvariantCulture, $"block{i}"), new TransformerBlock(dim, heads)))];
        norm = Add("norm", new LayerNorm(dim, VisionTransformer.NormEps));
        predict = Add("predict", new Linear(dim, encoder.PatchSize * encoder.PatchSize * 3, weightInitializer: Initializers.XavierUniform(), biasInitializer: Initializers.Zeros));
    }

    /// <summary>Pixels of every patch: [N, (1 +) V, D] to [N, P, patch · patch · 3].</summary>
    /// <param name="encoded">The kept patches as the encoder gives them, the class token first if it has one.</param>
    /// <param name="mask">Which patches those are.</param>
    /// <param name="grid">Rows and columns of patches.</param>
    public Tensor Forward(Tensor encoded, Mask mask, (int Rows, int Columns) grid)
    {
        Tensor x = embed.Forward(encoded);                                                          // [N, (1 +) V, d]
        Tensor patches = hasClassToken ? Ops.Slice(x, 1, 1, mask.KeptCount) : x;
        Tensor tokens = Ops.Add(Tokens.Restore(patches, mask.Kept, mask.Places, maskToken), positions.Of(grid.Rows, grid.Columns));
        tokens = hasClassToken ? Ops.Concat(1, Ops.Slice(x, 1, 0, 1), tokens) : tokens;              // [N, (1 +) P, d]
        foreach (TransformerBlock block in blocks)
        {
            tokens = block.Forward(tokens);
        }

        tokens = norm.Forward(tokens);
        return predict.Forward(hasClassToken ? Ops.Slice(tokens, 1, 1, mask.Places) : tokens);
    }
}
