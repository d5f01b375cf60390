namespace Tacit.Tensors;

public static unsafe partial class Ops
{
    /// <summary>
    /// From scores by distance to scores by place: y[.., i, j] = x[.., i, T - 1 - i + j], where column m of x belongs to the
    /// distance i - j = T - 1 - m.
    /// </summary>
    /// <param name="x">[.., T, 2T - 1]</param>
    /// <returns>[.., T, T]</returns>
    /// <remarks>Dai et al. 2019 (Transformer-XL), arXiv:1901.02860, appendix B, for both directions of time.</remarks>
    public static Tensor RelativeShift(Tensor x)
    {
        if (x.Rank < 2 || x.Shape.Last != (2 * x.Shape[-2]) - 1)
        {
            throw ShapeException.Unfit("RelativeShift", x.Shape, "it takes [.., T, 2T - 1]");
        }

        int frames = x.Shape[-2];
        Tensor y = Tensor.Empty(x.Shape.With(-1, frames));
        for (int i = 0; i < frames; i++)
        {
            // One place of all heads at a time: their rows lie a fixed step apart.
            Runs.Copy(
                x.Data + ((long)i * x.Shape.Last) + frames - 1 - i, (long)frames * x.Shape.Last, y.Data + ((long)i * frames), (long)frames * frames,
                y.Length / (frames * frames), frames, add: false);
        }

        if (Tape.Wants(x))
        {
            Tape.Add(new RelativeShiftNode(x, y));
        }

        return y;
    }

    private sealed class RelativeShiftNode(Tensor x, Tensor y) : Node("RelativeShift", y)
    {
        public override void Backward()
        {
            Gradient g = x.GradientTarget();
            if (!g.Add)
            {
                new Span<float>(g.Data, x.Length).Clear();
            }

            int frames = x.Shape[-2];
            for (int i = 0; i < frames; i++)
            {
                Runs.Copy(
                    Output.GradientData + ((long)i * frames), (long)frames * frames, g.Data + ((long)i * x.Shape.Last) + frames - 1 - i, (long)frames * x.Shape.Last,
                    Output.Length / (frames * frames), frames, add: true);
            }
        }
    }
}
