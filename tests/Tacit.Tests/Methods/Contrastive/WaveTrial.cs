using Tacit.Data.Loading;
using Tacit.Methods;
using Tacit.Models;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods.Contrastive;

/// <summary>What the tests of methods on waveforms share: small encoders, utterances of different lengths, fits, and sums in double.</summary>
internal static class WaveTrial
{
    public static BackboneOptions Cpc { get; } = new() { Name = BackboneFactory.Cpc, Dim = 8, Depth = 1 };

    public static BackboneOptions Wav2Vec { get; } = new() { Name = BackboneFactory.Wav2Vec, Dim = 8, Depth = 2 };

    public static BackboneOptions VqWav2Vec { get; } = new()
    {
        Name = BackboneFactory.VqWav2Vec, Dim = 8, Depth = 2, Heads = 2, TokenDim = 16, TokenDepth = 2, Groups = 2, Entries = 5, Dropout = 0,
    };

    public static BackboneOptions Wav2Vec2 { get; } = new()
    {
        Name = BackboneFactory.Wav2Vec2, ConvDim = 8, Dim = 12, Depth = 2, Heads = 3, PositionKernel = 4, PositionGroups = 2, Dropout = 0, LayerDrop = 0, FrontGradient = 1,
    };

    /// <summary>Tones that wander, each utterance its own, with noise; what lies behind an utterance is <paramref name="padding"/>.</summary>
    public static Batch Batch(int[] lengths, int samples = 9600, float padding = 0, int[]? speakers = null)
    {
        Tensor waves = Tensor.Lasting(new Shape(lengths.Length, samples));
        Philox.FillNormal(waves.Span, 11, 0, 0);
        for (int i = 0; i < waves.Length; i++)
        {
            int n = i / samples, t = i % samples;
            double tone = Math.Sin((t * (0.02 + (0.01 * n))) + (8 * Math.Sin(t * 0.0007 * (n + 1))));
            waves.Span[i] = t < lengths[n] ? (float)((0.1 * waves.Span[i]) + (0.4 * tone)) : padding;
        }

        return new Batch(waves, 1, [.. Enumerable.Range(0, lengths.Length)], null) { Lengths = lengths, Speakers = speakers };
    }

    /// <summary>What options become for crops of so many seconds, and what was said about it.</summary>
    public static (T Options, List<string> Notes) Fit<T>(T options, BackboneOptions model, double seconds, params string[] given)
        where T : MethodOptions
    {
        var notes = new List<string>();
        var fit = new DataFit(given.Contains, notes.Add) { Items = 100, BatchSize = 8, Side = 0, Model = model, Modality = "speech", Seconds = seconds };
        return ((T)options.FitTo(fit), notes);
    }

    public static string Refusal<T>(T options, BackboneOptions model, double seconds, params string[] given)
        where T : MethodOptions =>
        Assert.Throws<ConfigurationException>(() => Fit(options, model, seconds, given)).Message;

    /// <summary>The rows of a matrix.</summary>
    public static double[][] Rows(Tensor x) => [.. x.ToArray().Select(v => (double)v).Chunk(x.Shape.Last)];

    public static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();

    public static double[] Unit(double[] a) => [.. a.Select(v => v / Math.Sqrt(Dot(a, a)))];

    /// <summary>W x + b, W by its rows.</summary>
    public static double[] Map(double[][] w, double[]? b, double[] x) => [.. w.Select((row, i) => Dot(row, x) + (b?[i] ?? 0))];

    /// <summary>-log softmax of the first.</summary>
    public static double CrossEntropy(IReadOnlyList<double> logits) => Math.Log(logits.Sum(l => Math.Exp(l - logits[0])));

    /// <summary>The mean loss of every context's predictions, one after the other, with negatives as the method draws them in the scope.</summary>
    public static double Future(Method method, double[][] z, double[][] c, int[] lengths, int first, int steps, int count, Func<double[], double[], double> score, Func<double[], double> loss)
    {
        int[] utterances = [.. lengths.SelectMany((length, n) => Enumerable.Repeat(n, length))];
        RandomSequence random = Scope.NextRandom("negatives", method.Path);
        int[] lists = NegativeSampler.Draw(utterances, count, ref random);
        double[][] w = Rows(method.StateDict()["predictors.maps.weight"]);
        double[]? b = method.StateDict().TryGetValue("predictors.bias", out Tensor? bias) ? [.. bias.ToArray().Select(v => (double)v)] : null;
        int dim = w.Length / steps;
        List<double> all = [];
        for (int anchor = 0; anchor < c.Length; anchor++)
        {
            for (int k = 0; k < steps; k++)
            {
                int positive = anchor + first + k;
                if (positive < c.Length && utterances[positive] == utterances[anchor])
                {
                    double[] prediction = Map(w[(k * dim)..((k + 1) * dim)], b, c[anchor]);
                    all.Add(loss([.. Enumerable.Range(0, 1 + count).Select(s => score(prediction, z[lists[(positive * (1 + count)) + s]]))]));
                }
            }
        }

        return all.Average();
    }
}
