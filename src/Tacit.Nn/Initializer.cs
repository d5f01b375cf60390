using Tacit.Tensors;

namespace Tacit.Nn;

/// <summary>Fills a parameter with its starting values: a pure function of its shape, the seed and the stream.</summary>
public delegate void Initializer(Tensor parameter, ulong seed, ulong stream);

/// <summary>Starting values by PyTorch's rules. Fans are those of PyTorch's layouts: [out, in, kernel…].</summary>
public static class Initializers
{
    private const int BlockLength = 1 << 16;

    private delegate void Fill(Span<float> values, long start);

    public static Initializer Zeros { get; } = Constant(0);

    public static Initializer Ones { get; } = Constant(1);

    public static Initializer Constant(float value) => (parameter, _, _) => parameter.Span.Fill(value);

    /// <summary>Uniform in [low, high).</summary>
    public static Initializer Uniform(float low, float high) => (parameter, seed, stream) =>
        InBlocks(parameter, (values, start) =>
        {
            Philox.FillUniform(values, seed, stream, 0, start);
            foreach (ref float value in values)
            {
                value = low + ((high - low) * value);
            }
        });

    public static Initializer Normal(float deviation, float mean = 0) => (parameter, seed, stream) =>
        InBlocks(parameter, (values, start) =>
        {
            Philox.FillNormal(values, seed, stream, 0, start);
            foreach (ref float value in values)
            {
                value = mean + (deviation * value);
            }
        });

    /// <summary>PyTorch's default for linear and convolution weights (a = √5): uniform within ±1/√fan-in.</summary>
    /// <remarks>He et al. 2015, with gain √(2/(1+a²)).</remarks>
    public static Initializer KaimingUniform(float a = 2.2360679775f) => (parameter, seed, stream) =>
    {
        float bound = MathF.Sqrt(2 / (1 + (a * a))) * MathF.Sqrt(3f / FanIn(parameter.Shape));
        Uniform(-bound, bound)(parameter, seed, stream);
    };

    /// <summary>PyTorch's default for the bias of a linear or convolution layer: uniform within ±1/√fan-in of its weight.</summary>
    public static Initializer Bias(int fanIn)
    {
        float bound = fanIn > 0 ? 1 / MathF.Sqrt(fanIn) : 0;
        return Uniform(-bound, bound);
    }

    /// <summary>Normal with deviation √(2/fan-out): what torchvision's residual networks start from.</summary>
    /// <remarks>He et al. 2015.</remarks>
    public static Initializer KaimingNormalFanOut { get; } = (parameter, seed, stream) =>
        Normal(MathF.Sqrt(2f / FanOut(parameter.Shape)))(parameter, seed, stream);

    /// <summary>Uniform within ±gain·√(6/(fan-in + fan-out)).</summary>
    /// <remarks>Glorot and Bengio 2010.</remarks>
    public static Initializer XavierUniform(float gain = 1) => (parameter, seed, stream) =>
    {
        float bound = gain * MathF.Sqrt(6f / ((float)FanIn(parameter.Shape) + FanOut(parameter.Shape)));
        Uniform(-bound, bound)(parameter, seed, stream);
    };

    /// <summary>Normal with deviation gain·√(2/(fan-in + fan-out)).</summary>
    /// <remarks>Glorot and Bengio 2010.</remarks>
    public static Initializer XavierNormal(float gain = 1) => (parameter, seed, stream) =>
        Normal(gain * MathF.Sqrt(2f / ((float)FanIn(parameter.Shape) + FanOut(parameter.Shape))))(parameter, seed, stream);

    /// <summary>Normal, cut off outside [low, high]. The limits are values, not deviations, as in PyTorch.</summary>
    /// <exception cref="ArgumentException">The limits are the wrong way round, or lie more than four deviations from the mean.</exception>
    public static Initializer TruncatedNormal(float deviation, float mean = 0, float low = -2, float high = 2)
    {
        if (!(low < high) || mean + (4 * deviation) < low || mean - (4 * deviation) > high)
        {
            throw new ArgumentException($"A normal with mean {mean} and deviation {deviation} cannot be cut to [{low}, {high}].");
        }

        // A value outside is drawn again at the same index of the next step: still a function of the index alone.
        return (parameter, seed, stream) => InBlocks(parameter, (values, start) =>
        {
            Philox.FillNormal(values, seed, stream, 0, start);
            for (int i = 0; i < values.Length; i++)
            {
                float value = mean + (deviation * values[i]);
                for (long again = 1; value < low || value > high; again++)
                {
                    Philox.FillNormal(values.Slice(i, 1), seed, stream, again, start + i);
                    value = mean + (deviation * values[i]);
                }

                values[i] = value;
            }
        });
    }

    /// <summary>Inputs of one output: PyTorch's fan_in, the product of all axes but the first.</summary>
    public static int FanIn(Shape shape) => shape.Rank < 2 ? throw NoFan(shape) : shape.Product(1, shape.Rank);

    /// <summary>Outputs of one input: PyTorch's fan_out, the product of all axes but the second.</summary>
    public static int FanOut(Shape shape) => shape.Rank < 2 ? throw NoFan(shape) : shape[0] * shape.Product(2, shape.Rank);

    private static ShapeException NoFan(Shape shape) => ShapeException.Unfit("Initializer", shape, "a fan needs at least two axes");

    private static void InBlocks(Tensor parameter, Fill fill)
    {
        var body = new FillBody(parameter, fill);
        WorkerPool.Shared.For((parameter.Length + BlockLength - 1) / BlockLength, ref body);
    }

    private readonly struct FillBody(Tensor parameter, Fill fill) : IBlockBody
    {
        public void Invoke(int block)
        {
            int start = block * BlockLength;
            fill(parameter.Span.Slice(start, Math.Min(BlockLength, parameter.Length - start)), start);
        }
    }
}
