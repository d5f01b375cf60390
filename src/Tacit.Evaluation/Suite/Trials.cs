using System.Numerics.Tensors;

namespace Tacit.Evaluation.Suite;

/// <summary>Pairs of recordings that may be by one speaker, with how alike they were found.</summary>
/// <param name="First">The speaker of the one, by number.</param>
/// <param name="Second">The speaker of the other.</param>
/// <param name="Score">Higher is more alike.</param>
internal readonly record struct Trial(int First, int Second, double Score)
{
    /// <summary>Whether one speaker spoke both.</summary>
    public bool Target => First == Second;
}

/// <summary>What is made of trials.</summary>
internal static class Trials
{
    /// <summary>Draws of an interval: fewer than for means, since each sorts all trials.</summary>
    private const int Resamples = 500;

    /// <summary>The score of two embeddings: the cosine of their angle.</summary>
    public static double Cosine(ReadOnlySpan<float> a, ReadOnlySpan<float> b) => TensorPrimitives.CosineSimilarity(a, b);

    /// <summary>
    /// A metric of the trials, and its interval over speakers: a trial counts as often as its speakers were drawn, the number of times of the
    /// one times that of the other where they are two.
    /// </summary>
    /// <param name="name">The metric.</param>
    /// <param name="trials">The trials.</param>
    /// <param name="metric">Of scores of targets and of others.</param>
    /// <param name="seed">Of the draws.</param>
    public static SuiteScore Score(string name, IReadOnlyList<Trial> trials, Func<IReadOnlyList<double>, IReadOnlyList<double>, double> metric, ulong seed)
    {
        int speakers = trials.Max(t => Math.Max(t.First, t.Second)) + 1;
        double Of(int[] drawn)
        {
            int[] times = new int[speakers];
            foreach (int speaker in drawn)
            {
                times[speaker]++;
            }

            List<double> targets = [], others = [];
            foreach (Trial trial in trials)
            {
                int count = trial.Target ? times[trial.First] : times[trial.First] * times[trial.Second];
                List<double> side = trial.Target ? targets : others;
                for (int i = 0; i < count; i++)
                {
                    side.Add(trial.Score);
                }
            }

            return targets.Count == 0 || others.Count == 0 ? double.NaN : metric(targets, others);
        }

        (double low, double high) = Bootstrap.Interval(speakers, Of, seed, Resamples);
        return new SuiteScore(name, Of([.. Enumerable.Range(0, speakers)]), low, high, trials.Count);
    }
}
