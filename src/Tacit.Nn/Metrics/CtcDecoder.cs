using Tacit.Tensors;

namespace Tacit.Nn;

/// <summary>From frames that each score symbols to the sequence they spell.</summary>
public static class CtcDecoder
{
    /// <summary>The best symbol of every frame, repeats merged, blanks dropped.</summary>
    /// <param name="logits">[N, T, V]</param>
    /// <param name="lengths">Frames of each item; null: all T.</param>
    /// <param name="blank">The symbol that stands for none.</param>
    /// <remarks>Graves et al. 2006, section 3.2, best path decoding.</remarks>
    public static int[][] Greedy(Tensor logits, int[]? lengths = null, int blank = 0)
    {
        if (logits.Rank != 3 || (lengths is not null && (lengths.Length != logits.Shape[0] || lengths.AsSpan().ContainsAnyExceptInRange(0, logits.Shape[1]))))
        {
            throw ShapeException.Unfit("CtcDecoder", logits.Shape, "it takes [N, T, V] with one length from 0 to T for each item");
        }

        int frames = logits.Shape[1], symbols = logits.Shape[2];
        var spelled = new int[logits.Shape[0]][];
        for (int n = 0; n < spelled.Length; n++)
        {
            var result = new List<int>();
            int before = blank;
            for (int t = 0; t < (lengths?[n] ?? frames); t++)
            {
                int best = System.Numerics.Tensors.TensorPrimitives.IndexOfMax<float>(logits.Span.Slice(((n * frames) + t) * symbols, symbols));
                if (best != before && best != blank)
                {
                    result.Add(best);
                }

                before = best;
            }

            spelled[n] = [.. result];
        }

        return spelled;
    }
}
