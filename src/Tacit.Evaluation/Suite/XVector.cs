using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Evaluation.Suite;

/// <summary>
/// A vector that tells speakers: weighted sum of layers, linear to the projector's width, five layers over time, each seeing further and each
/// with ReLU and batch norm, mean and deviation over time, linear. Of its frames 14 are lost at the ends.
/// </summary>
/// <remarks>Snyder et al. 2018, "X-vectors: robust DNN embeddings for speaker recognition", table 1, up to its first segment layer.</remarks>
internal sealed class XVector : Module
{
    /// <summary>States that two output frames see together: the fewest that a recording must have, since one frame has no deviation.</summary>
    public const int Fewest = 16;

    private readonly LayerSum sum;
    private readonly Linear projector, segment;
    private readonly (Conv1d Convolution, BatchNorm Norm)[] frames;

    /// <param name="layers">L</param>
    /// <param name="width">D</param>
    /// <param name="sizes">Of the head.</param>
    public XVector(int layers, int width, XVectorSizes sizes)
    {
        sum = Add("featurizer", new LayerSum(layers));
        projector = Add("projector", new Linear(width, sizes.Projector));
        (int Kernel, int Dilation, int Out)[] plan = [(5, 1, sizes.Frame), (3, 2, sizes.Frame), (3, 3, sizes.Frame), (1, 1, sizes.Frame), (1, 1, sizes.LastFrame)];
        int input = sizes.Projector;
        frames = new (Conv1d, BatchNorm)[plan.Length];
        for (int i = 0; i < plan.Length; i++)
        {
            string name = FormattableString.Invariant($"frame{i + 1}");
            frames[i] = (Add(name, new Conv1d(input, plan[i].Out, plan[i].Kernel, dilation: plan[i].Dilation)), Add(name + "_norm", new BatchNorm(plan[i].Out)));
            input = plan[i].Out;
        }

        segment = Add("segment6", new Linear(2 * input, sizes.Embedding));
    }

    /// <summary>How much each layer weighs.</summary>
    public double[] Shares => sum.Shares();

    /// <summary>[L, N, T, D], T at least <see cref="Fewest"/> and no padding, to [N, E].</summary>
    public Tensor Forward(Tensor states)
    {
        Tensor x = projector.Forward(sum.Forward(states));
        foreach ((Conv1d convolution, BatchNorm norm) in frames)
        {
            x = norm.Forward(Ops.Relu(convolution.Forward(x)));
        }

        return segment.Forward(Statistics(x));
    }

    /// <summary>Mean and deviation over time, side by side: [N, T, C] to [N, 2C]; the deviation with T − 1 below it and a variance of at least 1e-6.</summary>
    internal static Tensor Statistics(Tensor x) =>
        Ops.Concat(1, Ops.Mean(x, 1), Ops.Sqrt(Ops.Clamp(Ops.Variance(x, 1), 1e-6f, float.MaxValue)));
}

/// <summary>Widths of an <see cref="XVector"/>.</summary>
/// <param name="Projector">Of what the weighted sum is projected to.</param>
/// <param name="Frame">Of the first four layers over time.</param>
/// <param name="LastFrame">Of the fifth.</param>
/// <param name="Embedding">E, of the result.</param>
internal sealed record XVectorSizes(int Projector, int Frame, int LastFrame, int Embedding)
{
    /// <summary>For data of minutes, or the benchmark's.</summary>
    public static XVectorSizes Of(SuiteOptions options) => options.Superb
        ? new XVectorSizes(options.Projector ?? 512, 512, 1500, 512)
        : new XVectorSizes(options.Projector ?? 128, 256, 512, 256);
}
