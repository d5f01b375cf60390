using System.Globalization;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>
/// I-JEPA's predictor: a narrow transformer that gets the encoded context and, for each place asked for, a mask token with the
/// place's position, and answers with what the target encoder would make of it.
/// </summary>
/// <remarks>Assran et al. 2023, arXiv:2301.08243, section 3, "Prediction". Every target block is asked for apart from the others.</remarks>
public sealed class JepaPredictor : Module
{
    private readonly int width;
    private readonly Linear narrow, widen;
    private readonly Tensor maskToken;
    private readonly TransformerBlock[] blocks;
    private readonly LayerNorm norm;

    /// <param name="input">Width of the encoder.</param>
    /// <param name="width">Of the predictor.</param>
    /// <param name="depth">Blocks.</param>
    /// <param name="heads">Attention heads, which share the width.</param>
    public JepaPredictor(int input, int width, int depth, int heads)
    {
        this.width = width;
        narrow = Add("narrow", new Linear(input, width));
        maskToken = AddParameter("mask_token", new Shape(1, width), Initializers.Normal(0.02f));
        blocks = [.. Enumerable.Range(0, depth).Select(i => Add(string.Create(CultureInfo.InvariantCulture, $"block_{i}"), new TransformerBlock(width, heads)))];
        norm = Add("norm", new LayerNorm(width, VisionTransformer.NormEps));
        widen = Add("widen", new Linear(width, input));
    }

    /// <summary>Predictions for all target places: [Blocks · N · TargetCount, input], in their order.</summary>
    /// <param name="context">Encoded, [N, ContextCount, input].</param>
    /// <param name="mask">Where the context was, and what is asked for.</param>
    /// <param name="positions">Of the whole grid, [P, width].</param>
    public Tensor Forward(Tensor context, MultiBlockMask mask, Tensor positions)
    {
        int items = mask.Items, seen = mask.ContextCount, asked = mask.TargetCount, sequences = mask.Blocks * items;
        Tensor known = Ops.Add(narrow.Forward(context).Reshape(items * seen, width), Ops.Gather(positions, mask.Context));
        Tensor each = Ops.Gather(known.Reshape(items, seen, width), Repeated(items, mask.Blocks));
        Tensor unknown = Ops.Add(Ops.Gather(positions, mask.Targets), maskToken).Reshape(sequences, asked, width);
        Tensor x = Ops.Concat(1, each, unknown);                                    // [Blocks · N, seen + asked, width]
        foreach (TransformerBlock block in blocks)
        {
            x = block.Forward(x);
        }

        Tensor answers = Ops.Slice(norm.Forward(x), 1, seen, asked);
        return widen.Forward(answers.Reshape(sequences * asked, width));
    }

    /// <summary>0 … items-1, once for each block.</summary>
    private static int[] Repeated(int items, int times)
    {
        var rows = new int[items * times];
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = i % items;
        }

        return rows;
    }
}
