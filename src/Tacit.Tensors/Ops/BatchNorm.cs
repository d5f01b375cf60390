namespace Tacit.Tensors;

public static unsafe partial class Ops
{
    /// <summary>
    /// Batch norm over all axes but the last (channels), with an optional residual and ReLU in the same pass:
    /// y = relu((x - mean) / √(variance + eps) * weight + bias + residual).
    /// </summary>
    /// <param name="x">[…, C]</param>
    /// <param name="weight">[C], null for 1.</param>
    /// <param name="bias">[C], null for 0.</param>
    /// <param name="runningMean">[C]; training moves it towards the batch's mean, evaluation normalises with it.</param>
    /// <param name="runningVariance">[C]; training moves it towards the batch's unbiased variance.</param>
    /// <param name="training">Whether the statistics are the batch's own.</param>
    /// <param name="momentum">The share of the new statistics in the running ones.</param>
    /// <param name="eps">Added to the variance.</param>
    /// <param name="relu">Whether negative results become 0.</param>
    /// <param name="residual">The shape of x, added before the ReLU.</param>
    /// <exception cref="ShapeException">Shapes differ, or training with one value per channel.</exception>
    /// <remarks>Ioffe and Szegedy 2015, arXiv:1502.03167.</remarks>
    public static Tensor BatchNorm(
        Tensor x,
        Tensor? weight,
        Tensor? bias,
        Tensor? runningMean,
        Tensor? runningVariance,
        bool training,
        float momentum = 0.1f,
        float eps = 1e-5f,
        bool relu = false,
        Tensor? residual = null)
    {
        int channels = x.Shape.Last;
        int rows = x.Shape.Rows;
        RequireChannels("BatchNorm", x, channels, weight, bias);
        RequireChannels("BatchNorm", x, channels, runningMean, runningVariance);
        if (residual is not null && residual.Shape != x.Shape)
        {
            throw ShapeException.Mismatch("BatchNorm", x.Shape, residual.Shape, "the residual must have the input's shape");
        }

        if (training && rows < 2)
        {
            throw ShapeException.Unfit("BatchNorm", x.Shape, "training needs more than one value per channel (all axes but the last)");
        }

        if (!training && (runningMean is null || runningVariance is null))
        {
            throw new InvalidOperationException("BatchNorm: evaluation needs the running mean and variance.");
        }

        using Scratch scratch = Scratch.Rent(4 * channels);
        double* mean = (double*)scratch.Data, variance = mean + channels;
        if (training)
        {
            ChannelNorm.Moments(x.Data, 1, rows, channels, mean, variance);
            Follow(runningMean, mean, momentum, 1);
            Follow(runningVariance, variance, momentum, rows / (rows - 1.0));
        }
        else
        {
            for (int c = 0; c < channels; c++)
            {
                mean[c] = runningMean!.Data[c];
                variance[c] = runningVariance!.Data[c];
            }
        }

        Tensor center = Tensor.Empty(new Shape(channels)), invert = Tensor.Empty(new Shape(channels)), scale = Tensor.Empty(new Shape(channels));
        for (int c = 0; c < channels; c++)
        {
            double inverse = 1 / Math.Sqrt(variance[c] + eps);
            center.Data[c] = (float)mean[c];
            invert.Data[c] = (float)inverse;
            scale.Data[c] = (float)(inverse * (weight is null ? 1 : weight.Data[c]));
        }

        Tensor y = Tensor.Empty(x.Shape);
        float* shift = bias is null ? null : bias.Data;
        ChannelNorm.Apply(x.Data, 1, rows, channels, center.Data, scale.Data, shift, residual is null ? null : residual.Data, relu, y.Data);
        if (Tape.Wants(x, weight, bias) || (residual is not null && Tape.Wants(residual)))
        {
            Tape.Add(new BatchNormNode(x, weight, bias, residual, y, center, invert, scale, training, relu));
        }

        return y;
    }

    private static void Follow(Tensor? running, double* batch, float momentum, double factor)
    {
        for (int c = 0; c < (running?.Length ?? 0); c++)
        {
            running!.Data[c] = (float)(((1.0 - momentum) * running.Data[c]) + (momentum * factor * batch[c]));
        }
    }

    private static void RequireChannels(string op, Tensor x, int channels, Tensor? first, Tensor? second)
    {
        Tensor? wrong = first is not null && (first.Rank != 1 || first.Length != channels) ? first
            : second is not null && (second.Rank != 1 || second.Length != channels) ? second : null;
        if (wrong is not null)
        {
            throw ShapeException.Mismatch(op, x.Shape, wrong.Shape, $"axis -1 has {channels} channels, so the parameter's shape is [{channels}]");
        }
    }

    private sealed class BatchNormNode(
        Tensor x, Tensor? weight, Tensor? bias, Tensor? residual, Tensor y, Tensor mean, Tensor inverse, Tensor scale, bool training, bool relu)
        : Node("BatchNorm", y)
    {
        public override void Backward()
        {
            int channels = x.Shape.Last;
            int rows = x.Shape.Rows;
            float* dy = Output.GradientData;
            // With a residual the ReLU's mask is in the output; without one it is worked out again from x, which is read anyway.
            var mask = new ChannelNorm.Mask(relu, residual is null ? null : Output.Data, scale.Data, bias is null ? null : bias.Data);
            Gradient? passed = residual is { RequiresGrad: true } ? residual.GradientTarget() : null;
            using Scratch scratch = Scratch.Rent(4 * channels);
            double* sum = (double*)scratch.Data, product = sum + channels;
            ChannelNorm.GradientSums(x.Data, dy, mask, 1, rows, channels, mean.Data, passed, sum, product);
            if (passed is { Add: false } whole)
            {
                // The residual's gradient is dy behind the mask already: the second pass reads it alone.
                dy = whole.Data;
                mask = default;
            }

            AddParameter(bias, sum, null);
            AddParameter(weight, product, inverse.Data);
            if (!x.RequiresGrad)
            {
                return;
            }

            Tensor slope = Tensor.Empty(mean.Shape), offset = Tensor.Empty(mean.Shape);
            for (int c = 0; c < channels; c++)
            {
                double k = training ? (double)scale.Data[c] / rows : 0;
                double i = inverse.Data[c];
                slope.Data[c] = (float)(-k * i * i * product[c]);
                offset.Data[c] = (float)(-k * sum[c]);
            }

            ChannelNorm.GradientApply(x.Data, dy, mask, 1, rows, channels, mean.Data, scale.Data, slope.Data, offset.Data, x.GradientTarget());
        }
    }

    /// <summary>Adds sums over rows to a parameter's gradient, times a factor per channel.</summary>
    private static void AddParameter(Tensor? parameter, double* sums, float* factor)
    {
        if (parameter is not { RequiresGrad: true })
        {
            return;
        }

        Gradient g = parameter.GradientTarget();
        for (int c = 0; c < parameter.Length; c++)
        {
            double value = factor == null ? sums[c] : sums[c] * factor[c];
            g.Data[c] = (float)(g.Add ? g.Data[c] + value : value);
        }
    }
}
