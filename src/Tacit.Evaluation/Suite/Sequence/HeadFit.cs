using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Evaluation.Suite.Sequence;

/// <summary>Learns a head over time, a step at a time, by the loop that learns all heads.</summary>
internal static class HeadFit
{
    /// <summary>Teaches a head in place and leaves it ready to answer.</summary>
    /// <param name="context">Seed, and what ends it.</param>
    /// <param name="head">Gets its starting values here.</param>
    /// <param name="count">Items to learn from.</param>
    /// <param name="rate">Learning rate of Adam.</param>
    /// <param name="steps">How many.</param>
    /// <param name="batchSize">Items a step.</param>
    /// <param name="loss">The loss, a scalar, of the items at some positions in a step of that number.</param>
    public static SequenceHead Learn(SuiteContext context, SequenceHead head, int count, double rate, int steps, int batchSize, Func<int[], long, Tensor> loss)
    {
        head.Initialize(context.Options.Seed, "head");
        head.Train();
        var fit = new FitOptions { Steps = steps, BatchSize = batchSize, Seed = context.Options.Seed };
        fit = fit with { Optimizer = fit.Optimizer with { Lr = rate } };
        var learning = new SupervisedFit(ParameterGroup.Of(head, fit.Optimizer), fit);
        while (!learning.Finished)
        {
            context.Stop.ThrowIfCancellationRequested();
            int[] batch = learning.Next(count);
            learning.Step(() => loss(batch, learning.Done));
        }

        head.Eval();
        return head;
    }

    /// <summary>What a head says of each item, [T', V], long-lived.</summary>
    public static IEnumerable<Tensor> Answers(SequenceHead head, StateStore store, IReadOnlyList<int> items)
    {
        foreach (int item in items)
        {
            Tensor kept;
            using (Scope.NoGradient())
            {
                (Tensor states, int[] lengths) = store.Batch([item]);
                (Tensor logits, int[] remaining) = head.Forward(states, lengths);
                kept = Tensor.Lasting(new Shape(remaining[0], logits.Shape[2]));
                logits.Span[..kept.Length].CopyTo(kept.Span);
            }

            yield return kept;
        }
    }
}
