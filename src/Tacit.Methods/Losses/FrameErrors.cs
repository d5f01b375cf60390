using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>How far told frames are from real ones.</summary>
public static class FrameErrors
{
    /// <summary>Σ |x̂ − x| · m / Σ m, a scalar.</summary>
    /// <param name="told">x̂, [N, T, F].</param>
    /// <param name="frames">x, the same shape, without gradient.</param>
    /// <param name="mask">m, the same shape, 0 and 1, 0 in padding.</param>
    /// <exception cref="TacitException">The mask has no 1: there is no such mean.</exception>
    /// <remarks>Mockingjay and TERA: Liu et al. 2020, arXiv:1910.12638, section 2.2.</remarks>
    public static Tensor MeanAbsolute(Tensor told, Tensor frames, Tensor mask)
    {
        if (told.Shape != frames.Shape || told.Shape != mask.Shape)
        {
            throw ShapeException.Mismatch("FrameErrors", told.Shape, told.Shape == frames.Shape ? mask.Shape : frames.Shape, "told frames, real ones and the mask have one shape");
        }

        double count = 0;
        foreach (float marked in mask.Span)
        {
            count += marked;
        }

        return count > 0
            ? Ops.Multiply(Ops.Sum(Ops.Multiply(Ops.Abs(Ops.Subtract(told, frames)), mask)), (float)(1 / count))
            : throw new TacitException("No frame is masked, so there is nothing to tell: raise the mask ratio.");
    }

    /// <summary>The mean of |x̂ − x|, a scalar.</summary>
    /// <param name="told">x̂, [M, F]: real frames alone.</param>
    /// <param name="frames">x, the same shape.</param>
    public static Tensor MeanAbsolute(Tensor told, Tensor frames) => Ops.Mean(Ops.Abs(Ops.Subtract(told, frames)));
}
