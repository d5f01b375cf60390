using System.Globalization;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Evaluation.Suite;

/// <summary>Recordings with their answers: what an <see cref="UtteranceHead"/> learns from or is judged on.</summary>
/// <param name="Means">[L, N, D], long-lived.</param>
/// <param name="Answers">Of each recording the class of each question.</param>
internal sealed record Utterances(Tensor Means, int[][] Answers)
{
    public int Count => Answers.Length;

    /// <summary>Some recordings of a store.</summary>
    public static Utterances Of(StateStore store, IReadOnlyList<int> items, Func<int, int[]> answers) => new(store.Means(items), [.. items.Select(answers)]);

    /// <summary>The recordings at some positions.</summary>
    public Utterances Select(IReadOnlyList<int> chosen) => new(Take(chosen, Tensor.Lasting), [.. chosen.Select(i => Answers[i])]);

    /// <summary>Both, one behind the other.</summary>
    public Utterances With(Utterances others)
    {
        Tensor both = Tensor.Lasting(Means.Shape.With(1, Count + others.Count));
        int width = Means.Shape[2];
        for (int l = 0; l < Means.Shape[0]; l++)
        {
            Span<float> row = both.Rows(l, 1).Span;
            Means.Rows(l, 1).Span.CopyTo(row);
            others.Means.Rows(l, 1).Span.CopyTo(row[(Count * width)..]);
        }

        return new Utterances(both, [.. Answers, .. others.Answers]);
    }

    /// <summary>The means at some positions, [L, n, D].</summary>
    public Tensor Take(IReadOnlyList<int> chosen, Func<Shape, Tensor> make)
    {
        int layers = Means.Shape[0], width = Means.Shape[2];
        Tensor taken = make(new Shape(layers, chosen.Count, width));
        for (int l = 0; l < layers; l++)
        {
            for (int i = 0; i < chosen.Count; i++)
            {
                Means.Span.Slice(((l * Count) + chosen[i]) * width, width).CopyTo(taken.Span.Slice(((l * chosen.Count) + i) * width, width));
            }
        }

        return taken;
    }
}

/// <summary>
/// Learns an <see cref="UtteranceHead"/>: the rate on the development part, then the head on both parts. These heads learn in a second, so
/// every rate is tried at full length: a rate that is best for a short time learns too much by heart in a long one.
/// </summary>
internal static class UtteranceFit
{
    /// <summary>Steps of the final training, and items a step, where the options do not say.</summary>
    public const int UsualSteps = 4000, UsualBatch = 32;

    private const int UsualProjector = 256;

    /// <summary>The answers to other recordings.</summary>
    /// <param name="context">Options, and where rates are kept.</param>
    /// <param name="search">Names the search for the rate.</param>
    /// <param name="states">What all recordings come from.</param>
    /// <param name="classes">K of each question.</param>
    /// <param name="train">Learned from while the rate is searched.</param>
    /// <param name="development">Chooses the rate; learned from as well once it is chosen.</param>
    /// <param name="test">Answered, once.</param>
    public static (int[][] Answers, string Detail) Run(
        SuiteContext context, string search, IReadOnlyList<StateStore> states, IReadOnlyList<int> classes, Utterances train, Utterances development, Utterances test)
    {
        SuiteOptions options = context.Options;
        int steps = options.Steps ?? UsualSteps;
        double rate = context.BestRate(search, states, rate =>
            RightShare(Predict(Learn(context, classes, train, rate, options.TrialSteps(steps, options.Rates.Count)), development), development.Answers));
        UtteranceHead head = Learn(context, classes, train.With(development), rate, steps);
        return (Predict(head, test), Describe(rate, head.Shares));
    }

    /// <summary>"lr 0.01, layers weigh 0.20 0.80".</summary>
    public static string Describe(double rate, double[] shares)
    {
        string weights = shares.Length < 2 ? "" : $", layers weigh {string.Join(' ', shares.Select(s => s.ToString("0.00", CultureInfo.InvariantCulture)))}";
        return $"lr {rate.ToString("R", CultureInfo.InvariantCulture)}{weights}";
    }

    private static UtteranceHead Learn(SuiteContext context, IReadOnlyList<int> classes, Utterances data, double rate, int steps)
    {
        SuiteOptions options = context.Options;
        var head = new UtteranceHead(data.Means.Shape[0], data.Means.Shape[2], options.Projector ?? UsualProjector, classes);
        head.Initialize(options.Seed, "head");
        var fit = new FitOptions { Steps = steps, BatchSize = options.BatchSize ?? UsualBatch, Seed = options.Seed };
        fit = fit with { Optimizer = fit.Optimizer with { Lr = rate }, Schedule = new ScheduleOptions { Name = "cosine" } };
        var learning = new SupervisedFit(ParameterGroup.Of(head, fit.Optimizer), fit);
        while (!learning.Finished)
        {
            context.Stop.ThrowIfCancellationRequested();
            int[] batch = learning.Next(data.Count);
            learning.Step(() =>
            {
                Tensor[] logits = head.Forward(data.Take(batch, Tensor.Empty));
                return logits.Select((l, q) => Ops.CrossEntropy(l, Array.ConvertAll(batch, i => data.Answers[i][q]))).Aggregate(Ops.Add);
            });
        }

        return head;
    }

    private static int[][] Predict(UtteranceHead head, Utterances data)
    {
        using Scope scope = Scope.NoGradient();
        Tensor[] logits = head.Forward(data.Means);
        return [.. Enumerable.Range(0, data.Count).Select(i => Array.ConvertAll(logits, l => System.Numerics.Tensors.TensorPrimitives.IndexOfMax<float>(l.Rows(i, 1).Span)))];
    }

    /// <summary>How many recordings have all answers right, of all.</summary>
    private static double RightShare(int[][] found, int[][] answers) => Right(found, answers).Average();

    /// <summary>1 or 0 for each recording: whether all its answers are right.</summary>
    public static double[] Right(int[][] found, int[][] answers) => [.. found.Zip(answers, (f, a) => f.AsSpan().SequenceEqual(a) ? 1.0 : 0.0)];
}
