using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>W-MSE's loss: views agree after each has been whitened, which no collapsed batch survives.</summary>
/// <remarks>
/// Ermolov et al. 2021, arXiv:2007.06346, equations 4 to 6: the mean over pairs of ‖v̂ − û‖² = 2 − 2 cos(v, u), v and u whitened
/// in sub-batches, each view by its own statistics.
/// </remarks>
public static class WhitenedMse
{
    /// <summary>The loss, a scalar from 0 to 4; 2 where views have nothing in common.</summary>
    /// <param name="a">Projections of the first view [N, D].</param>
    /// <param name="b">Of the second, the same pictures in the same order.</param>
    /// <param name="subBatch">Rows that are whitened together; what remains of N is spread over the sub-batches.</param>
    /// <param name="epsilon">Share of the identity in the covariance.</param>
    /// <param name="condition">Of the worst sub-batch (see <see cref="Whitening"/>).</param>
    /// <exception cref="ShapeException">Two different shapes.</exception>
    /// <exception cref="TacitException">A sub-batch cannot be whitened.</exception>
    public static Tensor Loss(Tensor a, Tensor b, int subBatch, float epsilon, out double condition)
    {
        if (a.Rank != 2 || a.Shape != b.Shape || a.Shape[0] == 0)
        {
            throw ShapeException.Mismatch("WhitenedMse", a.Shape, b.Shape, "both views are [N, D] of the same pictures");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(subBatch, 2);
        Tensor u = Whiten(a, subBatch, epsilon, out double first), v = Whiten(b, subBatch, epsilon, out double second);
        condition = Math.Max(first, second);
        Tensor cosine = Ops.Mean(Ops.Sum(Ops.Multiply(Ops.L2Normalize(u), Ops.L2Normalize(v)), 1));
        return Ops.Subtract(2, Ops.Multiply(cosine, 2));
    }

    private static Tensor Whiten(Tensor z, int subBatch, float epsilon, out double condition)
    {
        int rows = z.Shape[0], parts = Math.Max(1, rows / subBatch);
        var whitened = new Tensor[parts];
        condition = 0;
        for (int part = 0; part < parts; part++)
        {
            int start = (int)((long)part * rows / parts), end = (int)((long)(part + 1) * rows / parts);
            whitened[part] = Whitening.Of(z.Rows(start, end - start), epsilon, out double found);
            condition = Math.Max(condition, found);
        }

        return Ops.Concat(0, whitened);
    }
}
