using System.Numerics.Tensors;
using Tacit.Tensors;
using Tacit.Tensors.Kernels;
using Tensor = Tacit.Tensors.Tensor;

namespace Tacit.Evaluation;

/// <summary>
/// Multinomial logistic regression on standardised features, as a function of its weights: mean cross-entropy over the
/// chosen rows plus λ/2 times the squared weights (the biases are free).
/// </summary>
/// <remarks>
/// The features are neither copied nor changed: mean and deviation are folded into the weights, (x − m)/s · w = x · (w/s) − m · (w/s),
/// and rows that are held out have a residual of zero. The two products are float32 over blocks of rows; everything that is
/// summed over items is summed in double precision, in an order that depends on the shapes alone.
/// </remarks>
internal sealed unsafe class LogisticObjective
{
    private const int RowsPerBlock = 256;

    private readonly Tensor features;           // [N, D]
    private readonly int[] labels;
    private readonly int classes;
    private readonly bool[] used;
    private readonly int usedCount;
    private readonly Standardisation scale;
    private readonly Tensor weights;            // [K, D], divided by the deviation
    private readonly Tensor logits;             // [N, K], then residuals
    private readonly Tensor product;            // [K, D]
    private readonly double[] inverse;          // [D], of the deviations
    private readonly double[] bias;             // [K], less the share of the means
    private readonly double[] blockLoss;
    private readonly double[] blockResiduals;   // [blocks, K]

    /// <param name="features">[N, D].</param>
    /// <param name="labels">One class a row.</param>
    /// <param name="classes">K.</param>
    /// <param name="used">The rows that are learned from.</param>
    /// <param name="scale">Mean and deviation of each feature.</param>
    public LogisticObjective(Tensor features, int[] labels, int classes, bool[] used, Standardisation scale)
    {
        this.features = features;
        this.labels = labels;
        this.classes = classes;
        this.used = used;
        usedCount = used.Count(u => u);
        int n = features.Shape[0], d = features.Shape[1];
        this.scale = scale;
        weights = Tensor.Lasting(new Shape(classes, d));
        logits = Tensor.Lasting(new Shape(n, classes));
        product = Tensor.Lasting(new Shape(classes, d));
        inverse = Array.ConvertAll(scale.Deviation, deviation => 1 / deviation);
        bias = new double[classes];
        int blocks = (n + RowsPerBlock - 1) / RowsPerBlock;
        blockLoss = new double[blocks];
        blockResiduals = new double[blocks * classes];
    }

    /// <summary>How many numbers are learned: K·D weights and K biases.</summary>
    public int Size => classes * (features.Shape[1] + 1);

    /// <summary>λ.</summary>
    public double Regulariser { get; set; }

    /// <summary>The value and gradient at <paramref name="parameters"/>: weights [K, D] row by row, then biases [K].</summary>
    public double Evaluate(ReadOnlySpan<double> parameters, Span<double> gradient)
    {
        int n = features.Shape[0], d = features.Shape[1];
        Load(parameters);
        Gemm.Run(false, true, n, classes, d, features.Data, d, weights.Data, d, logits.Data, classes);
        var body = new SoftmaxBody(this, used, true);
        WorkerPool.Shared.For(blockLoss.Length, ref body);
        Gemm.Run(true, false, classes, d, n, logits.Data, classes, features.Data, d, product.Data, d);

        double loss = 0;
        Span<double> residuals = gradient.Slice(classes * d, classes);
        residuals.Clear();
        for (int block = 0; block < blockLoss.Length; block++)
        {
            loss += blockLoss[block];
            for (int k = 0; k < classes; k++)
            {
                residuals[k] += blockResiduals[(block * classes) + k];
            }
        }

        for (int k = 0; k < classes; k++)
        {
            residuals[k] /= usedCount;
            float* row = product.Data + ((nint)k * d);
            double share = 1.0 / usedCount, mean = residuals[k];
            Span<double> of = gradient.Slice(k * d, d);
            for (int j = 0; j < d; j++)
            {
                of[j] = ((row[j] * share) - (scale.Mean[j] * mean)) * inverse[j];
            }

            TensorPrimitives.MultiplyAdd(parameters.Slice(k * d, d), Regulariser, of, of);
        }

        return (loss / usedCount) + (Regulariser / 2 * TensorPrimitives.SumOfSquares(parameters[..(classes * d)]));
    }

    /// <summary>The gradient at the features [N, D], times the rows learned from, after <see cref="Evaluate"/>: residuals by weights.</summary>
    public void FeatureGradient(Tensor gradient)
    {
        int n = features.Shape[0], d = features.Shape[1];
        Gemm.Run(false, false, n, d, classes, logits.Data, classes, weights.Data, d, gradient.Data, d);
    }

    /// <summary>Mean cross-entropy over the rows that are not learned from, at <paramref name="parameters"/>.</summary>
    public double HeldOutLoss(ReadOnlySpan<double> parameters)
    {
        int n = features.Shape[0], d = features.Shape[1];
        Load(parameters);
        Gemm.Run(false, true, n, classes, d, features.Data, d, weights.Data, d, logits.Data, classes);
        bool[] others = Array.ConvertAll(used, u => !u);
        var body = new SoftmaxBody(this, others, false);
        WorkerPool.Shared.For(blockLoss.Length, ref body);
        return blockLoss.Sum() / (n - usedCount);
    }

    /// <summary>The most likely class of each row of other features, [M, D].</summary>
    public int[] Predict(ReadOnlySpan<double> parameters, Tensor others)
    {
        int m = others.Shape[0], d = features.Shape[1];
        Load(parameters);
        Tensor scores = Tensor.Lasting(new Shape(m, classes));
        Gemm.Run(false, true, m, classes, d, others.Data, d, weights.Data, d, scores.Data, classes);
        var predicted = new int[m];
        for (int i = 0; i < m; i++)
        {
            float* row = scores.Data + ((nint)i * classes);
            double best = double.NegativeInfinity;
            for (int k = 0; k < classes; k++)
            {
                if (row[k] + bias[k] > best)
                {
                    best = row[k] + bias[k];
                    predicted[i] = k;
                }
            }
        }

        return predicted;
    }

    private void Load(ReadOnlySpan<double> parameters)
    {
        int d = features.Shape[1];
        Span<float> target = weights.Span;
        for (int k = 0; k < classes; k++)
        {
            double b = parameters[(classes * d) + k];
            for (int j = 0; j < d; j++)
            {
                double w = parameters[(k * d) + j] * inverse[j];
                target[(k * d) + j] = (float)w;
                b -= scale.Mean[j] * w;
            }

            bias[k] = b;
        }
    }

    /// <summary>Logits to loss, and in their place to residuals (probability less target; zero where a row is not counted).</summary>
    private readonly struct SoftmaxBody(LogisticObjective o, bool[] counted, bool residuals) : IBlockBody
    {
        public void Invoke(int block)
        {
            int classes = o.classes;
            int end = Math.Min(o.labels.Length, (block + 1) * RowsPerBlock);
            Span<double> sums = o.blockResiduals.AsSpan(block * classes, classes);
            Span<double> p = classes <= 512 ? stackalloc double[classes] : new double[classes];
            double loss = 0;
            sums.Clear();
            for (int i = block * RowsPerBlock; i < end; i++)
            {
                Span<float> row = new(o.logits.Data + ((nint)i * classes), classes);
                if (!counted[i])
                {
                    row.Clear();
                    continue;
                }

                double max = double.NegativeInfinity;
                for (int k = 0; k < classes; k++)
                {
                    p[k] = row[k] + o.bias[k];
                    max = Math.Max(max, p[k]);
                }

                double correct = p[o.labels[i]], total = 0;
                for (int k = 0; k < classes; k++)
                {
                    p[k] = Math.Exp(p[k] - max);
                    total += p[k];
                }

                loss += max + Math.Log(total) - correct;
                if (residuals)
                {
                    for (int k = 0; k < classes; k++)
                    {
                        double r = (p[k] / total) - (k == o.labels[i] ? 1 : 0);
                        row[k] = (float)r;
                        sums[k] += r;
                    }
                }
            }

            o.blockLoss[block] = loss;
        }
    }
}
