using Tacit.Tensors;

namespace Tacit.Evaluation.Suite.Sequence;

/// <summary>Learns a head to spell: the rate by the development part's loss, then the head on the training part.</summary>
/// <remarks>
/// The rate is chosen by the loss and not by the errors: in the few steps of a trial heads that will learn still spell nothing, and all
/// those have the same errors.
/// </remarks>
internal sealed class CtcFit(SuiteContext context, Transcripts train, Transcripts development, SequenceHeadSizes sizes, int symbols)
{
    /// <summary>Steps of the final training, and items a step, where the options do not say.</summary>
    public required (int Steps, int BatchSize) Usual { get; init; }

    /// <summary>Whether states are hidden in training.</summary>
    public bool Mask { get; init; }

    /// <summary>The head, and what was chosen.</summary>
    /// <param name="search">Names the search.</param>
    public (SequenceHead Head, string Detail) Run(string search)
    {
        SuiteOptions options = context.Options;
        int steps = options.Steps ?? Usual.Steps;
        SequenceHead empty = Create();
        Transcripts learned = train.Fitting(context, empty.Remaining), chosen = development.Fitting(context, empty.Remaining);
        double rate = context.BestRate(search, new[] { train.Store, development.Store }.Distinct(), rate =>
            -Loss(Learn(learned, rate, options.TrialSteps(steps)), chosen));
        SequenceHead head = Learn(learned, rate, steps);
        return (head, UtteranceFit.Describe(rate, head.Shares));
    }

    private SequenceHead Create() => new(train.Store, sizes, symbols);

    private SequenceHead Learn(Transcripts data, double rate, int steps)
    {
        SequenceHead head = Create();
        return HeadFit.Learn(context, head, data.Count, rate, steps, context.Options.BatchSize ?? Usual.BatchSize, (batch, step) =>
        {
            (Tensor states, int[] lengths) = data.Store.Batch(Array.ConvertAll(batch, i => data.Items[i]));
            if (Mask)
            {
                StateMask.Run(states, lengths, data.Store.StateRate, context.Options.Seed, step);
            }

            (Tensor logits, int[] remaining) = head.Forward(states, lengths);
            return Ops.CtcLoss(logits, remaining, Array.ConvertAll(batch, i => data.Targets[i]));
        });
    }

    /// <summary>The mean over recordings of the loss a symbol.</summary>
    private static double Loss(SequenceHead head, Transcripts data)
    {
        double sum = 0;
        int n = 0;
        foreach (Tensor logits in HeadFit.Answers(head, data.Store, data.Items))
        {
            using Scope scope = Scope.NoGradient();
            sum += Ops.CtcLoss(logits.Reshape(1, logits.Shape[0], logits.Shape[1]), [logits.Shape[0]], [data.Targets[n++]]).ToScalar();
        }

        return sum / n;
    }
}
