namespace Tacit.Tensors;

public static unsafe partial class Ops
{
    /// <summary>
    /// Normalises each item's groups of channels over all places: (x - mean) / √(variance + eps) * weight + bias. With as many
    /// groups as channels it is instance norm.
    /// </summary>
    /// <param name="x">[N, …, C]</param>
    /// <param name="groups">How many equal groups the channels form; divides C.</param>
    /// <param name="weight">[C], null for 1.</param>
    /// <param name="bias">[C], null for 0.</param>
    /// <param name="eps">Added to the (biased) variance.</param>
    /// <remarks>Wu and He 2018, arXiv:1803.08494.</remarks>
    public static Tensor GroupNorm(Tensor x, int groups, Tensor? weight, Tensor? bias, float eps = 1e-5f)
    {
        if (x.Rank < 2)
        {
            throw ShapeException.Unfit("GroupNorm", x.Shape, "it takes [N, …, C]");
        }

        int items = x.Shape[0], channels = x.Shape[-1], places = x.Shape.Product(1, x.Rank - 1);
        if (groups < 1 || channels % groups != 0)
        {
            throw ShapeException.Unfit("GroupNorm", x.Shape, $"axis -1 has {channels} channels, which {groups} groups do not divide");
        }

        RequireChannels("GroupNorm", x, channels, weight, bias);
        Tensor center = Tensor.Empty(new Shape(items, channels)), invert = Tensor.Empty(center.Shape), scale = Tensor.Empty(center.Shape);
        using Scratch scratch = Scratch.Rent(4 * center.Length);
        double* mean = (double*)scratch.Data, variance = mean + center.Length;
        ChannelNorm.Moments(x.Data, items, places, channels, mean, variance);
        int size = channels / groups;
        for (int at = 0; at < center.Length; at += size)
        {
            double m = 0, v = 0;
            for (int c = at; c < at + size; c++)
            {
                m += mean[c] / size;
            }

            for (int c = at; c < at + size; c++)
            {
                v += (variance[c] + ((mean[c] - m) * (mean[c] - m))) / size;
            }

            double inverse = 1 / Math.Sqrt(v + eps);
            for (int c = at; c < at + size; c++)
            {
                center.Data[c] = (float)m;
                invert.Data[c] = (float)inverse;
                scale.Data[c] = (float)(inverse * (weight is null ? 1 : weight.Data[c % channels]));
            }
        }

        Tensor y = Tensor.Empty(x.Shape);
        ChannelNorm.Apply(x.Data, items, places, channels, center.Data, scale.Data, bias is null ? null : bias.Data, null, false, y.Data);
        if (Tape.Wants(x, weight, bias))
        {
            Tape.Add(new GroupNormNode(x, weight, bias, y, center, invert, scale, groups));
        }

        return y;
    }

    private sealed class GroupNormNode(
        Tensor x, Tensor? weight, Tensor? bias, Tensor y, Tensor mean, Tensor inverse, Tensor scale, int groups) : Node("GroupNorm", y)
    {
        public override void Backward()
        {
            int items = mean.Shape[0], channels = mean.Shape[1], places = x.Shape.Product(1, x.Rank - 1);
            using Scratch scratch = Scratch.Rent(4 * (mean.Length + channels));
            double* sum = (double*)scratch.Data, product = sum + mean.Length;
            float* dy = Output.GradientData;
            ChannelNorm.GradientSums(x.Data, dy, default, items, places, channels, mean.Data, null, sum, product);
            double* biasSum = product + mean.Length, weightSum = biasSum + channels;
            new Span<double>(biasSum, 2 * channels).Clear();
            for (int i = 0; i < mean.Length; i++)
            {
                biasSum[i % channels] += sum[i];
                weightSum[i % channels] += product[i] * inverse.Data[i];
            }

            AddParameter(bias, biasSum, null);
            AddParameter(weight, weightSum, null);
            if (!x.RequiresGrad)
            {
                return;
            }

            // dx = (g - mean(g) - x̂ mean(g x̂)) / σ over a group's channels and places, with g = dy * weight
            Tensor slope = Tensor.Empty(mean.Shape), offset = Tensor.Empty(mean.Shape);
            int size = channels / groups;
            for (int at = 0; at < mean.Length; at += size)
            {
                double total = 0, weighted = 0, i = inverse.Data[at];
                for (int c = at; c < at + size; c++)
                {
                    double w = weight is null ? 1 : weight.Data[c % channels];
                    total += sum[c] * w;
                    weighted += product[c] * w;
                }

                double n = (double)size * places;
                for (int c = at; c < at + size; c++)
                {
                    slope.Data[c] = (float)(-weighted * i * i * i / n);
                    offset.Data[c] = (float)(-total * i / n);
                }
            }

            ChannelNorm.GradientApply(x.Data, dy, default, items, places, channels, mean.Data, scale.Data, slope.Data, offset.Data, x.GradientTarget());
        }
    }
}
