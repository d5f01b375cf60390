using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>
/// The colours that colourisation chooses from: points of the ab plane, 10 apart, near what sRGB can show. A colour is
/// spread over its five nearest bins; a distribution over bins is read as its annealed mean.
/// </summary>
/// <remarks>
/// Zhang et al. 2016, arXiv:1603.08511, sections 2.1 to 2.3, whose 313 bins are a table without a rule. Rounding every sRGB
/// colour reaches 261 of them, so the table holds a margin for the soft encoding; here a bin belongs where a colour of
/// sRGB lies within 13.5 of it, which gives 313 (any radius from 13.4 to 13.7 does).
/// </remarks>
public static class ColourBins
{
    /// <summary>How many there are.</summary>
    public const int Count = 313;

    /// <summary>Bins that a colour is spread over.</summary>
    public const int Neighbours = 5;

    private const float Step = 10;
    private const float Sigma = 5;
    private const double Radius = 13.5;
    private const int Reach = 13;

    private static readonly (float A, float B)[] Centres = Make();

    /// <summary>Each bin's a and b, by rows of a.</summary>
    public static IReadOnlyList<(float A, float B)> All => Centres;

    /// <summary>The bins of a colour, nearest first, with weights that add up to 1: a Gaussian of deviation 5 over the distance.</summary>
    /// <param name="a">Of the colour.</param>
    /// <param name="b">Of the colour.</param>
    /// <param name="bins">Takes <see cref="Neighbours"/> bins; of equally near ones the first.</param>
    /// <param name="weights">Takes their weights.</param>
    public static void Encode(float a, float b, Span<int> bins, Span<float> weights)
    {
        Span<float> distances = stackalloc float[Neighbours];
        distances.Fill(float.PositiveInfinity);
        for (int q = 0; q < Centres.Length; q++)
        {
            float x = a - Centres[q].A, y = b - Centres[q].B, distance = (x * x) + (y * y);
            if (distance < distances[^1])
            {
                int place = Neighbours - 1;
                for (; place > 0 && distance < distances[place - 1]; place--)
                {
                    distances[place] = distances[place - 1];
                    bins[place] = bins[place - 1];
                }

                distances[place] = distance;
                bins[place] = q;
            }
        }

        // Relative to the nearest, so that a colour far from all bins divides by no zero.
        double total = 0;
        for (int i = 0; i < Neighbours; i++)
        {
            weights[i] = (float)Math.Exp((distances[0] - distances[i]) / (2 * Sigma * Sigma));
            total += weights[i];
        }

        for (int i = 0; i < Neighbours; i++)
        {
            weights[i] = (float)(weights[i] / total);
        }
    }

    /// <summary>The mean colour of softmax(logits / T): T = 1 is the mean, T → 0 the likeliest bin.</summary>
    /// <param name="logits">One for each bin.</param>
    /// <param name="temperature">Above 0; the paper has 0.38.</param>
    public static (float A, float B) AnnealedMean(ReadOnlySpan<float> logits, float temperature)
    {
        float most = float.NegativeInfinity;
        foreach (float logit in logits)
        {
            most = Math.Max(most, logit);
        }

        double total = 0, a = 0, b = 0;
        for (int q = 0; q < logits.Length; q++)
        {
            double p = Math.Exp((logits[q] - most) / (double)temperature);
            total += p;
            a += p * Centres[q].A;
            b += p * Centres[q].B;
        }

        return ((float)(a / total), (float)(b / total));
    }

    /// <summary>What a bin's examples count, so that rare colours are not drowned: 1 / ((1 − λ) p + λ / Q), scaled to mean 1 under p.</summary>
    /// <param name="prior">How often each bin occurs, up to a factor.</param>
    /// <param name="mix">λ: 0 undoes the frequencies, 1 leaves them as they are.</param>
    /// <remarks>Equation 4.</remarks>
    public static float[] Rebalance(ReadOnlySpan<double> prior, double mix)
    {
        double total = 0, mean = 0;
        foreach (double p in prior)
        {
            total += p;
        }

        var weights = new double[prior.Length];
        for (int q = 0; q < weights.Length; q++)
        {
            double p = prior[q] / total;
            double mixed = ((1 - mix) * p) + (mix / prior.Length);

            // Never seen and nothing mixed in: no example will ask for it.
            weights[q] = mixed > 0 ? 1 / mixed : 0;
            mean += p * weights[q];
        }

        return Array.ConvertAll(weights, w => (float)(w / mean));
    }

    private static (float A, float B)[] Make()
    {
        List<(float A, float B)> colours = Surface();
        var bins = new List<(float A, float B)>();
        for (int i = -Reach; i <= Reach; i++)
        {
            for (int j = -Reach; j <= Reach; j++)
            {
                (float a, float b) = (i * Step, j * Step);
                if (colours.Exists(c => ((c.A - a) * (c.A - a)) + ((c.B - b) * (c.B - b)) <= Radius * Radius))
                {
                    bins.Add((a, b));
                }
            }
        }

        return [.. bins];
    }

    /// <summary>The faces of the RGB cube: every ab that sRGB has leaves the cube through one of them as its lightness changes.</summary>
    private static List<(float A, float B)> Surface()
    {
        const int Levels = 51;
        var colours = new List<(float, float)>();
        for (int i = 0; i <= Levels; i++)
        {
            for (int j = 0; j <= Levels; j++)
            {
                (float x, float y) = (i / (float)Levels, j / (float)Levels);
                foreach (float end in (ReadOnlySpan<float>)[0, 1])
                {
                    colours.Add(Plane(end, x, y));
                    colours.Add(Plane(x, end, y));
                    colours.Add(Plane(x, y, end));
                }
            }
        }

        return colours;

        static (float, float) Plane(float r, float g, float b)
        {
            (_, float first, float second) = LabColour.FromRgb(r, g, b);
            return (first, second);
        }
    }
}
