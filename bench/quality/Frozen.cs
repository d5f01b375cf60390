using Tacit.Data;
using Tacit.Data.Loading;
using Tacit.Evaluation;
using Tacit.Models;
using Tacit.Tensors;

namespace Tacit.Quality;

/// <summary>Features of encoders that are not trained any more, and what can be told from them.</summary>
internal static class Frozen
{
    private const int BatchSize = 128;

    /// <summary>The features of some layers, from one pass over the items; without an encoder what it would be shown.</summary>
    /// <param name="encoder">Null for pixels.</param>
    /// <param name="input">How it is shown the items.</param>
    /// <param name="layers">Of the encoder's, or <c>last</c>.</param>
    /// <param name="data">Labelled items.</param>
    /// <param name="classes">What the labels are numbers of.</param>
    /// <param name="items">Only these; null for all.</param>
    /// <param name="stop">Ends between two batches.</param>
    /// <exception cref="TacitException">One of the items cannot be decoded: every row is judged on the same ones.</exception>
    public static IReadOnlyList<FeatureTable> Features(
        Backbone? encoder, InputFormat input, IReadOnlyList<string> layers, Dataset data, IReadOnlyList<string> classes, int[]? items, CancellationToken stop)
    {
        encoder?.Eval();
        int count = items?.Length ?? data.Count, done = 0;
        int[] all = data.LabelsAs(classes)!, labels = new int[count];
        Tensor[] values = new Tensor[layers.Count];
        foreach (Batch batch in input.Batches(data, BatchSize, items))
        {
            stop.ThrowIfCancellationRequested();
            using Scope scope = Scope.NoGradient();
            IReadOnlyList<Tensor> features = encoder?.Forward(batch.Views, batch.Lengths, layers) ?? [batch.Views.Reshape(batch.Size, -1)];
            for (int i = 0; i < values.Length; i++)
            {
                values[i] ??= Tensor.Lasting(new Shape(count, features[i].Shape[1]));
                features[i].Span.CopyTo(values[i].Rows(done, batch.Size).Span);
            }

            foreach (int item in batch.Items)
            {
                labels[done++] = all[item];
            }
        }

        return done == count ? [.. values.Select(v => new FeatureTable(v, labels, classes))] : throw new TacitException($"Some of the {data.Word} of {data.Path} cannot be decoded.");
    }

    /// <summary>Accuracy on the judged table of a protocol that learned from the other, with its interval.</summary>
    /// <param name="protocol">kNN or a probe.</param>
    /// <param name="fit">What it learns from.</param>
    /// <param name="judge">What is judged.</param>
    /// <param name="keep">Keep which items were told rightly.</param>
    public static Score Judge(Protocol protocol, FeatureTable fit, FeatureTable judge, bool keep = false)
    {
        double[] correct = Correct(protocol, fit, judge);
        (double low, double high) = Bootstrap.Interval(correct, 0);
        return new Score(Math.Round(correct.Average(), 4), Math.Round(low, 4), Math.Round(high, 4), keep ? Paired.Pack(correct) : null);
    }

    /// <summary>The layer whose linear probe does best, its number; of equals the first.</summary>
    /// <param name="name">What is chosen for, for those who watch.</param>
    /// <param name="layers">Their names.</param>
    /// <param name="fit">What probes learn from, a table a layer.</param>
    /// <param name="judge">What they are compared on: other training items.</param>
    public static int BestLayer(string name, IReadOnlyList<string> layers, IReadOnlyList<FeatureTable> fit, IReadOnlyList<FeatureTable> judge)
    {
        double[] accuracy = [.. fit.Zip(judge, (known, asked) => Correct(new LinearProbe(), known, asked).Average())];
        Console.Error.WriteLine($"{name}: on held-out training items {string.Join(", ", layers.Zip(accuracy, (layer, value) => $"{layer} {value:0.000}"))}");
        return Array.IndexOf(accuracy, accuracy.Max());
    }

    private static double[] Correct(Protocol protocol, FeatureTable fit, FeatureTable judge) =>
        [.. protocol.Predict(fit, judge).Zip(judge.Labels, (predicted, label) => predicted == label ? 1.0 : 0.0)];
}
