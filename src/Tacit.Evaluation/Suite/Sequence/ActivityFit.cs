using Tacit.Tensors;

namespace Tacit.Evaluation.Suite.Sequence;

/// <summary>Mixtures with their states, and who speaks at each state.</summary>
/// <param name="Store">The states.</param>
/// <param name="Spoken">Of each mixture, for each speaker, for each state.</param>
internal sealed record ActivitySet(StateStore Store, bool[][][] Spoken)
{
    /// <summary>All mixtures of a part.</summary>
    public static ActivitySet Of(SuiteContext context, string name, IReadOnlyList<SoundMixture> mixtures)
    {
        StateStore store = context.States(SoundMixture.ToSounds(name, mixtures, SuiteData.Rate));
        return new ActivitySet(store, [.. mixtures.Select((m, i) => m.Spoken.Select(s => SpeechActivity.At(s, store.Frames(i), store.StateRate)).ToArray())]);
    }

    public int Count => Spoken.Length;
}

/// <summary>Learns a head to tell who speaks at each state: the rate by the development part's loss, then the head on the training part.</summary>
internal sealed class ActivityFit(SuiteContext context, ActivitySet train, ActivitySet development, SequenceHeadSizes sizes, int speakers)
{
    /// <summary>Steps of the final training, and items a step, where the options do not say.</summary>
    public required (int Steps, int BatchSize) Usual { get; init; }

    /// <summary>The head, and what was chosen.</summary>
    /// <param name="search">Names the search.</param>
    public (SequenceHead Head, string Detail) Run(string search)
    {
        SuiteOptions options = context.Options;
        int steps = options.Steps ?? Usual.Steps;
        double rate = context.BestRate(search, [train.Store, development.Store], rate => -Loss(Learn(rate, options.TrialSteps(steps))));
        SequenceHead head = Learn(rate, steps);
        return (head, UtteranceFit.Describe(rate, head.Shares));
    }

    private SequenceHead Learn(double rate, int steps)
    {
        var head = new SequenceHead(train.Store, sizes, speakers);
        return HeadFit.Learn(context, head, train.Count, rate, steps, context.Options.BatchSize ?? Usual.BatchSize, (batch, _) =>
        {
            (Tensor states, int[] lengths) = train.Store.Batch(batch);
            (Tensor logits, int[] remaining) = head.Forward(states, lengths);
            return PermutationLoss.Of(logits, remaining, Array.ConvertAll(batch, i => train.Spoken[i]));
        });
    }

    private double Loss(SequenceHead head) => HeadFit.Answers(head, development.Store, development.Store.Items).Select((logits, i) =>
    {
        using Scope scope = Scope.NoGradient();
        return (double)PermutationLoss.Of(logits.Reshape(1, logits.Shape[0], speakers), [logits.Shape[0]], [development.Spoken[i]]).ToScalar();
    }).Average();
}
