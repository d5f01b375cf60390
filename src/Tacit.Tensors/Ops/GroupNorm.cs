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
    /// <param name="lengths">
    /// Where x is [N, T, C]: how many frames of each item are real. Statistics are of those alone, and the others become 0, so
    /// that padding changes nothing. Null: all are.
    /// </param>
    /// <remarks>Wu and He 2018, arXiv:1803.08494.</remarks>
    public static Tensor GroupNorm(Tensor x, int groups, Tensor? weight, Tensor? bias, float eps = 1e-5f, int[]? lengths = null)
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
        if (lengths is not null && (x.Rank != 3 || lengths.Length != items || lengths.AsSpan().ContainsAnyExceptInRange(0, places)))
        {
            throw ShapeException.Unfit("GroupNorm", x.Shape, $"lengths [{string.Join(", ", lengths)}] are one for each item of [N, T, C], from 0 to T");
        }

        Stretch[] stretches = Stretch.Of(items, places, lengths);
        Tensor center = Tensor.Empty(new Shape(items, channels)), invert = Tensor.Empty(center.Shape), scale = Tensor.Empty(center.Shape);
        using Scratch scratch = Scratch.Rent(4 * center.Length);
        double* mean = (double*)scratch.Data, variance = mean + center.Length;
        new Span<double>(mean, 2 * center.Length).Clear();
        foreach (Stretch s in stretches)
        {
            long at = (long)s.First * channels;
            ChannelNorm.Moments(x.Data + (at * places), s.Items, s.Places, channels, mean + at, variance + at);
        }

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
        foreach (Stretch s in stretches)
        {
            long at = (long)s.First * channels, row = at * places;
            float* b = bias is null ? null : bias.Data;
            ChannelNorm.Apply(x.Data + row, s.Items, s.Places, channels, center.Data + at, scale.Data + at, b, null, false, y.Data + row);
            new Span<float>(y.Data + row + ((long)s.Items * s.Places * channels), s.Padding(places) * channels).Clear();
        }

        if (Tape.Wants(x, weight, bias))
        {
            Tape.Add(new GroupNormNode(x, weight, bias, y, center, invert, scale, groups, stretches));
        }

        return y;
    }

    private sealed class GroupNormNode(
        Tensor x, Tensor? weight, Tensor? bias, Tensor y, Tensor mean, Tensor inverse, Tensor scale, int groups, Stretch[] stretches)
        : Node("GroupNorm", y)
    {
        public override void Backward()
        {
            int items = mean.Shape[0], channels = mean.Shape[1], places = x.Shape.Product(1, x.Rank - 1);
            using Scratch scratch = Scratch.Rent(4 * (mean.Length + channels));
            double* sum = (double*)scratch.Data, product = sum + mean.Length;
            float* dy = Output.GradientData;
            new Span<double>(sum, 2 * mean.Length).Clear();
            foreach (Stretch s in stretches)
            {
                long at = (long)s.First * channels, row = at * places;
                ChannelNorm.GradientSums(x.Data + row, dy + row, default, s.Items, s.Places, channels, mean.Data + at, null, sum + at, product + at);
            }

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
            foreach (Stretch s in stretches)
            {
                Slopes(s, size, sum, product, slope, offset);
            }

            Gradient g = x.GradientTarget();
            foreach (Stretch s in stretches)
            {
                long at = (long)s.First * channels, row = at * places;
                float* m = mean.Data + at, k = scale.Data + at, p = slope.Data + at, q = offset.Data + at;
                var dx = new Gradient((nint)(g.Data + row), g.Add);
                ChannelNorm.GradientApply(x.Data + row, dy + row, default, s.Items, s.Places, channels, m, k, p, q, dx);
                if (!g.Add)
                {
                    new Span<float>(dx.Data + ((long)s.Items * s.Places * channels), s.Padding(places) * channels).Clear();
                }
            }
        }

        private void Slopes(Stretch s, int size, double* sum, double* product, Tensor slope, Tensor offset)
        {
            int channels = mean.Shape[1];
            for (int at = s.First * channels; at < (s.First + s.Items) * channels; at += size)
            {
                double total = 0, weighted = 0, i = inverse.Data[at];
                for (int c = at; c < at + size; c++)
                {
                    double w = weight is null ? 1 : weight.Data[c % channels];
                    total += sum[c] * w;
                    weighted += product[c] * w;
                }

                double n = (double)size * s.Places;
                for (int c = at; c < at + size; c++)
                {
                    slope.Data[c] = (float)(-weighted * i * i * i / n);
                    offset.Data[c] = (float)(-total * i / n);
                }
            }
        }
    }

    /// <summary>Neighbouring items with as many real places: all of them at once where nothing is padded, else one at a time.</summary>
    private readonly record struct Stretch(int First, int Items, int Places)
    {
        public static Stretch[] Of(int items, int places, int[]? lengths) =>
            lengths is null || lengths.All(length => length == places)
                ? [new Stretch(0, items, places)]
                : [.. lengths.Select((length, i) => new Stretch(i, 1, length))];

        /// <summary>Places of padding behind the item.</summary>
        public int Padding(int places) => Items == 1 ? places - Places : 0;
    }
}
