using Tacit.Evaluation;
using Tacit.Tensors;

namespace Tacit.Tests.Evaluation;

/// <summary>Clouds of points around one centre a class: data whose difficulty is known.</summary>
internal static class Blobs
{
    /// <summary><paramref name="perClass"/> items of each class; centre c is <paramref name="distance"/> along axis c, noise is standard normal.</summary>
    public static FeatureTable Make(int classes, int perClass, int dim, float distance, ulong seed, float offset = 0)
    {
        Tensor values = Tensor.Lasting(new Shape(classes * perClass, dim));
        Philox.FillNormal(values.Span, seed, Philox.Hash("blobs"), 0);
        int[] labels = new int[classes * perClass];
        for (int i = 0; i < labels.Length; i++)
        {
            labels[i] = i % classes;
            values[i, i % classes] += distance;
            for (int j = 0; j < dim; j++)
            {
                values[i, j] += offset;
            }
        }

        return new FeatureTable(values, labels, [.. Enumerable.Range(0, classes).Select(c => $"class-{c}")]);
    }

    public static double Accuracy(int[] predicted, FeatureTable test) =>
        predicted.Zip(test.Labels, (p, y) => p == y ? 1.0 : 0).Average();
}
