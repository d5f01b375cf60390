using Tacit.Evaluation;
using Tacit.Methods;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Evaluation;

public sealed class WeightedFitTests
{
    /// <summary>The gradient of weights, biases and layers' weights against central differences.</summary>
    [Fact]
    public void ItsSlopeIsTheDifferenceQuotient()
    {
        FeatureTable table = Layers(Blobs.Make(3, 20, 4, 1, 1), Blobs.Make(3, 20, 4, 1, 2), Blobs.Make(3, 20, 4, 1, 3));
        bool[] used = [.. Enumerable.Range(0, table.Count).Select(i => i % 5 != 0)];
        WeightedFit fit = WeightedFit.Of(table, used);
        double[] at = new double[(3 * 5) + 3], slope = new double[at.Length], unused = new double[at.Length];
        for (int i = 0; i < at.Length; i++)
        {
            at[i] = Math.Sin(1 + (3 * i));
        }

        fit.Evaluate(at, slope);
        for (int i = 0; i < at.Length; i++)
        {
            double own = at[i];
            at[i] = own + 1e-3;
            double above = fit.Evaluate(at, unused);
            at[i] = own - 1e-3;
            double below = fit.Evaluate(at, unused);
            at[i] = own;
            Assert.Equal((above - below) / 2e-3, slope[i], 2e-4);
        }
    }

    /// <summary>The value against the formula in double precision: softmax of the sum of standardised layers.</summary>
    [Fact]
    public void ItsValueIsTheFormulas()
    {
        FeatureTable table = Layers(Blobs.Make(2, 15, 3, 1, 4), Blobs.Make(2, 15, 3, 1, 5));
        WeightedFit fit = WeightedFit.Of(table, Array.ConvertAll(table.Labels, _ => true));
        double[] at = [0.5, -0.2, 0.3, 0.1, 0.4, -0.6, 0.05, -0.1, 0.7, -0.4];     // W [2, 3], b [2], a [2]
        double value = fit.Evaluate(at, new double[at.Length]);

        double[][] z = Standardised(table, out int rows);
        double share = 1 / (1 + Math.Exp(at[9] - at[8]));
        double[][] mixed = [.. Enumerable.Range(0, rows).Select(i => Enumerable.Range(0, 3).Select(j => (share * z[i][j]) + ((1 - share) * z[i][3 + j])).ToArray())];

        // The probe scales the mixture once more, by its deviation where all layers weigh alike, which only renames its weights.
        double[] even = [.. Enumerable.Range(0, 3).Select(j => Math.Sqrt(Enumerable.Range(0, rows).Average(i => Math.Pow((z[i][j] + z[i][3 + j]) / 2, 2))))];
        double loss = 0;
        for (int i = 0; i < rows; i++)
        {
            double[] scores = [.. Enumerable.Range(0, 2).Select(k => at[6 + k] + Enumerable.Range(0, 3).Sum(j => at[(k * 3) + j] * mixed[i][j] / even[j]))];
            loss += Math.Log(scores.Sum(Math.Exp)) - scores[table.Labels[i]];
        }

        Assert.Equal((loss / rows) + (0.5e-3 * ((at[8] * at[8]) + (at[9] * at[9]))), value, 1e-4);
    }

    [Fact]
    public void TheLayerThatTellsClassesApartIsFound()
    {
        FeatureTable train = Layers(Blobs.Make(3, 60, 6, 0, 1), Blobs.Make(3, 60, 6, 4, 2), Blobs.Make(3, 60, 6, 0, 3));
        FeatureTable test = Layers(Blobs.Make(3, 60, 6, 0, 4), Blobs.Make(3, 60, 6, 4, 5), Blobs.Make(3, 60, 6, 0, 6));
        var probe = new LinearProbe();

        Assert.True(Blobs.Accuracy(probe.Predict(train, test), test) > 0.95);
        double[] shares = [.. probe.Detail[(probe.Detail.IndexOf("weigh ", StringComparison.Ordinal) + 6)..].Split(' ').Select(s => double.Parse(s, System.Globalization.CultureInfo.InvariantCulture))];
        Assert.True(shares[1] > 0.8, probe.Detail);
    }

    [Fact]
    public void EqualLayersAreOneLayer()
    {
        FeatureTable one = Blobs.Make(3, 40, 5, 2, 7), test = Blobs.Make(3, 40, 5, 2, 8);
        var probe = new LinearProbe();

        Assert.Equal(new LinearProbe().Predict(one, test), probe.Predict(Layers(one, one), Layers(test, test)));
        Assert.EndsWith("layers weigh 0.50 0.50", probe.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void OnlyLbfgsWeighsAndNeighboursDoNot()
    {
        FeatureTable table = Layers(Blobs.Make(2, 8, 3, 2, 1), Blobs.Make(2, 8, 3, 2, 2));
        Assert.StartsWith("--solver", Assert.Throws<ConfigurationException>(() => new LinearProbe(ProbeSolver.Sgd).Predict(table, table)).Message, StringComparison.Ordinal);
        Assert.Contains("neighbours cannot weigh", Assert.Throws<ConfigurationException>(() => new KnnProtocol().Predict(table, table)).Message, StringComparison.Ordinal);
    }

    private static double[][] Standardised(FeatureTable table, out int rows)
    {
        int n = rows = table.Count;
        double[] mean = [.. Enumerable.Range(0, table.Dim).Select(j => Enumerable.Range(0, n).Average(i => (double)table.Values[i, j]))];
        double[] deviation = [.. Enumerable.Range(0, table.Dim).Select(j => Math.Sqrt(Enumerable.Range(0, n).Average(i => Math.Pow(table.Values[i, j] - mean[j], 2))))];
        return [.. Enumerable.Range(0, n).Select(i => Enumerable.Range(0, table.Dim).Select(j => (table.Values[i, j] - mean[j]) / deviation[j]).ToArray())];
    }

    private static FeatureTable Layers(params FeatureTable[] layers)
    {
        int width = layers[0].Dim;
        Tensor all = Tensor.Lasting(new Shape(layers[0].Count, width * layers.Length));
        for (int i = 0; i < layers[0].Count; i++)
        {
            for (int l = 0; l < layers.Length; l++)
            {
                layers[l].Row(i).CopyTo(all.Span.Slice((i * width * layers.Length) + (l * width), width));
            }
        }

        return new FeatureTable(all, layers[0].Labels, layers[0].Classes) { Parts = layers.Length };
    }
}
