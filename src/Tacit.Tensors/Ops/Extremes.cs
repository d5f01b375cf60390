namespace Tacit.Tensors;

public static unsafe partial class Ops
{
    /// <summary>The largest number along an axis, which goes away or stays with size 1; of equal ones the first takes the gradient.</summary>
    public static Tensor Max(Tensor x, int axis, bool keepAxis = false)
    {
        axis = Axes.Resolve("Max", x.Shape, axis);
        if (x.Shape[axis] == 0)
        {
            throw ShapeException.Unfit("Max", x.Shape, $"axis {axis} is empty");
        }

        // A maximum along an axis is a pooling window as long as the axis.
        int outer = x.Shape.Product(0, axis), n = x.Shape[axis], inner = x.Shape.Product(axis + 1, x.Rank);
        var window = new Window("Max", new Shape(outer, 1, inner), outer, n, 1, inner, n, 1, 1, 0, 0);
        return Pool(x, window, max: true, Axes.Without(x.Shape, axis, keepAxis));
    }

    /// <summary>The variance along an axis, which goes away or stays with size 1.</summary>
    /// <param name="unbiased">Divide by n - 1 (PyTorch's default) rather than n.</param>
    public static Tensor Variance(Tensor x, int axis, bool unbiased = true, bool keepAxis = false)
    {
        axis = Axes.Resolve("Variance", x.Shape, axis);
        int outer = x.Shape.Product(0, axis), n = x.Shape[axis], inner = x.Shape.Product(axis + 1, x.Rank);
        if (n < (unbiased ? 2 : 1))
        {
            throw ShapeException.Unfit("Variance", x.Shape, $"axis {axis} holds {n} values, too few for a variance");
        }

        Tensor y = Tensor.Empty(Axes.Without(x.Shape, axis, keepAxis));
        Tensor center = Tensor.Empty(y.Shape);
        using Scratch scratch = Scratch.Rent(4 * y.Length);
        double* mean = (double*)scratch.Data, variance = mean + y.Length;
        ChannelNorm.Moments(x.Data, outer, n, inner, mean, variance);
        int free = unbiased ? n - 1 : n;
        for (int i = 0; i < y.Length; i++)
        {
            y.Data[i] = (float)(variance[i] * n / free);
            center.Data[i] = (float)mean[i];
        }

        if (Tape.Wants(x))
        {
            Tape.Add(new VarianceNode(x, y, center, outer, n, inner, free));
        }

        return y;
    }

    private sealed class VarianceNode(Tensor x, Tensor y, Tensor mean, int outer, int n, int inner, int free) : Node("Variance", y)
    {
        // dx = 2 (x - mean) / free * dy
        public override void Backward()
        {
            Tensor slope = Tensor.Empty(mean.Shape), zero = Tensor.Zeros(mean.Shape);
            for (int i = 0; i < slope.Length; i++)
            {
                slope.Data[i] = 2f / free * Output.GradientData[i];
            }

            ChannelNorm.GradientApply(x.Data, x.Data, default, outer, n, inner, mean.Data, zero.Data, slope.Data, zero.Data, x.GradientTarget());
        }
    }
}
