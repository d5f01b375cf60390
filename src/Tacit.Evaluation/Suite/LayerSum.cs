using Tacit.Nn;
using Tacit.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Tacit.Evaluation.Suite;

/// <summary>The sum of an upstream's layers with learned weights: [L, ..] to [..], Σ softmax(a)ₗ · hₗ, a = 0 at first. The states get no gradient.</summary>
/// <remarks>Yang et al. 2021 (SUPERB), arXiv:2105.01051, section 3; the states are summed as they are.</remarks>
public sealed unsafe class LayerSum : Layer
{
    private readonly Tensor? weights;       // [L]; none where there is one layer

    /// <param name="layers">L</param>
    public LayerSum(int layers) => weights = layers > 1 ? AddParameter("weights", new Shape(layers), Initializers.Zeros) : null;

    /// <summary>How much each layer weighs; 1 together.</summary>
    public double[] Shares()
    {
        double[] shares = weights is null ? [0] : [.. weights.Span.ToArray().Select(w => (double)w)];
        TensorPrimitives.SoftMax<double>(shares, shares);
        return shares;
    }

    public override Tensor Forward(Tensor x)
    {
        int[] rest = x.Shape.ToArray()[1..];
        return weights is null ? x.Reshape(rest) : Weigh(x, Ops.Softmax(weights.Reshape(1, -1)), new Shape(rest));
    }

    private static Tensor Weigh(Tensor x, Tensor shares, Shape shape)
    {
        if (x.Shape[0] != shares.Length)
        {
            throw ShapeException.Unfit("LayerSum", x.Shape, $"{shares.Length} layers are weighed");
        }

        Tensor y = Tensor.Empty(shape);
        var body = new Forwards(x.Data, shares.Data, shares.Length, y.Data, y.Length);
        WorkerPool.Shared.For(Blocks(y.Length), ref body);
        if (Tape.Wants(shares, "LayerSum"))
        {
            Tape.Add(new LayerSumNode(x, shares, y));
        }

        return y;
    }

    private const int BlockLength = 1 << 14;

    private static int Blocks(int length) => (length + BlockLength - 1) / BlockLength;

    private readonly struct Forwards(float* x, float* shares, int layers, float* y, int length) : IBlockBody
    {
        public void Invoke(int block)
        {
            int first = block * BlockLength, count = Math.Min(BlockLength, length - first);
            var sum = new Span<float>(y + first, count);
            TensorPrimitives.Multiply(new ReadOnlySpan<float>(x + first, count), shares[0], sum);
            for (int l = 1; l < layers; l++)
            {
                TensorPrimitives.MultiplyAdd(new ReadOnlySpan<float>(x + ((nint)l * length) + first, count), shares[l], sum, sum);
            }
        }
    }

    /// <summary>Of each block and layer ⟨∂y, hₗ⟩, to be added in the blocks' order.</summary>
    private readonly struct Backwards(float* x, float* slope, int layers, int length, double* sums) : IBlockBody
    {
        public void Invoke(int block)
        {
            int first = block * BlockLength, count = Math.Min(BlockLength, length - first);
            for (int l = 0; l < layers; l++)
            {
                sums[(block * layers) + l] = TensorPrimitives.Dot(new ReadOnlySpan<float>(slope + first, count), new ReadOnlySpan<float>(x + ((nint)l * length) + first, count));
            }
        }
    }

    private sealed class LayerSumNode(Tensor x, Tensor shares, Tensor y) : Node("LayerSum", y)
    {
        public override void Backward()
        {
            int layers = shares.Length, blocks = Blocks(Output.Length);
            double[] sums = new double[blocks * layers];
            fixed (double* each = sums)
            {
                var body = new Backwards(x.Data, Output.GradientData, layers, Output.Length, each);
                WorkerPool.Shared.For(blocks, ref body);
            }

            Gradient slope = shares.GradientTarget();
            for (int l = 0; l < layers; l++)
            {
                double sum = 0;
                for (int b = 0; b < blocks; b++)
                {
                    sum += sums[(b * layers) + l];
                }

                slope.Data[l] = (float)sum + (slope.Add ? slope.Data[l] : 0);
            }
        }
    }
}
