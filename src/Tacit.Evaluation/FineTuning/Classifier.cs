using Tacit.Data;
using Tacit.Data.Loading;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Evaluation;

/// <summary>A backbone with a linear head on its pooled features; the head begins at zero.</summary>
internal sealed class Classifier : Module
{
    private readonly Linear head;
    private readonly string layer;

    /// <param name="backbone">With its values.</param>
    /// <param name="layer">Whose features the head sees.</param>
    /// <param name="classes">K</param>
    /// <param name="options">How it learns.</param>
    /// <param name="batchSize">Items a step.</param>
    public Classifier(Backbone backbone, string layer, int classes, FineTuneOptions options, int batchSize)
    {
        this.layer = layer;
        Backbone = Add("backbone", backbone);
        head = Add("head", new Linear(backbone.Width(layer), classes, weightInitializer: Initializers.Zeros, biasInitializer: Initializers.Zeros));
        Initialize(0);
        Learners = new Learners(this, backbone, head, options, batchSize);
    }

    public Backbone Backbone { get; }

    /// <summary>Who learns.</summary>
    public Learners Learners { get; }

    /// <summary>[N, K]</summary>
    public Tensor Logits(Tensor views, int[]? lengths) => head.Forward(Backbone.Forward(views, lengths, [layer])[0]);

    /// <summary>The likeliest class of each item, in the order given; all can be decoded.</summary>
    public int[] Predict(InputFormat input, Dataset data, int[] items, Action<int, int>? progress = null, CancellationToken stop = default)
    {
        Eval();
        var found = new List<int>(items.Length);
        foreach (Batch batch in input.Batches(data, 128, items))
        {
            stop.ThrowIfCancellationRequested();
            using (Scope.NoGradient())
            {
                Tensor logits = Logits(batch.Views, batch.Lengths);
                int classes = logits.Shape[1];
                for (int n = 0; n < batch.Size; n++)
                {
                    found.Add(System.Numerics.Tensors.TensorPrimitives.IndexOfMax<float>(logits.Span.Slice(n * classes, classes)));
                }
            }

            progress?.Invoke(found.Count, items.Length);
        }

        return [.. found];
    }
}
