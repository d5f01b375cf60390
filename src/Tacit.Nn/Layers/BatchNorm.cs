using Tacit.Tensors;

namespace Tacit.Nn;

/// <summary>
/// Batch norm over all axes but the last: [.., C]. In training each call uses its own batch's statistics and moves the
/// running ones; in evaluation the running ones are used.
/// </summary>
/// <remarks>
/// Ioffe and Szegedy 2015, arXiv:1502.03167; names as torch.nn.BatchNorm: <c>weight</c>, <c>bias</c>, <c>running_mean</c>,
/// <c>running_var</c>, <c>num_batches_tracked</c>.
/// </remarks>
public sealed class BatchNorm : Layer
{
    private readonly Tensor? weight;
    private readonly Tensor? bias;
    private readonly Tensor runningMean;
    private readonly Tensor runningVariance;
    private readonly Tensor batches;
    private readonly float eps, momentum;

    /// <param name="channels">C</param>
    /// <param name="eps">Added to the variance.</param>
    /// <param name="momentum">The share of the new statistics in the running ones.</param>
    /// <param name="affine">Whether a scale and a shift per channel are learned.</param>
    /// <param name="weightInitializer">Of the scale; ones if not given.</param>
    public BatchNorm(int channels, float eps = 1e-5f, float momentum = 0.1f, bool affine = true, Initializer? weightInitializer = null)
    {
        (this.eps, this.momentum) = (eps, momentum);
        weight = affine ? AddParameter("weight", new Shape(channels), weightInitializer ?? Initializers.Ones) : null;
        bias = affine ? AddParameter("bias", new Shape(channels), Initializers.Zeros) : null;
        runningMean = AddBuffer("running_mean", new Shape(channels));
        runningVariance = AddBuffer("running_var", new Shape(channels), 1);
        batches = AddBuffer("num_batches_tracked", new Shape());
    }

    public override Tensor Forward(Tensor x) => Forward(x, relu: false);

    /// <summary>relu(norm(x) + residual) in one pass over memory, with either left out if not asked for.</summary>
    public Tensor Forward(Tensor x, bool relu, Tensor? residual = null)
    {
        Tensor y = Ops.BatchNorm(x, weight, bias, runningMean, runningVariance, Training, momentum, eps, relu, residual);
        if (Training)
        {
            batches.Span[0]++;
        }

        return y;
    }
}
