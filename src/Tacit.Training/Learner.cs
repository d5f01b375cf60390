using Tacit.Data.Loading;
using Tacit.Methods;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Training;

/// <summary>
/// All that a step changes: the method with its backbone and heads, the optimiser, and the averaged weights. A step is a
/// pure function of this state, the seed and the step's number.
/// </summary>
internal sealed class Learner
{
    private const string MethodPrefix = "method.", AveragePrefix = "average.";

    private readonly RunConfig config;
    private readonly Optimizer optimizer;
    private readonly MomentumPair? average;
    private readonly Backbone? averaged;
    private readonly long steps;

    /// <summary>A learner before its first step.</summary>
    /// <param name="config">Resolved; with a length in minutes a provisional number of steps is enough.</param>
    public Learner(RunConfig config)
    {
        this.config = config;
        steps = config.Train.Steps ?? throw new InvalidOperationException("A learner needs to know its number of steps.");
        Method = MethodCatalog.Get(config.MethodName).Create(BackboneFactory.Build(config.Model.Backbone), config.Method);
        Method.Initialize(config.Train.Seed);
        Method.Train();
        optimizer = Optimizer.Create(config.Optimizer, Method);
        if (config.Average.Decay > 0)
        {
            averaged = BackboneFactory.Build(config.Model.Backbone);
            average = new MomentumPair(Method.Backbone, averaged);
            averaged.Eval();
        }
    }

    public Method Method { get; }

    /// <summary>Numbers that the optimiser moves.</summary>
    public long ParameterCount => optimizer.Parameters.Sum(parameter => (long)parameter.Length);

    /// <summary>What is watched and exported: the averaged weights, with the running statistics of the learner, where averaging is on.</summary>
    public Backbone Encoder
    {
        get
        {
            average?.CopyBuffers();
            return averaged ?? Method.Backbone;
        }
    }

    public Diagnostics Diagnostics { get; } = new();

    public double LearningRate { get; private set; }

    public double GradientNorm { get; private set; }

    /// <summary>One optimiser step over one batch or several whose gradients are averaged. Returns the mean loss.</summary>
    /// <param name="step">Steps done before this one.</param>
    /// <param name="loader">Batches by number.</param>
    /// <param name="passes">The targets of the batches.</param>
    /// <exception cref="NotFiniteException">The loss or a gradient is not finite; nothing was applied.</exception>
    public double Step(long step, Loader loader, StagePass passes)
    {
        using (OperatorProfile.Part(StepPart.Stage))
        {
            passes.Before(this, step);
            Method.BeforeStep(step, steps);
        }

        Diagnostics.Clear();
        Diagnostics.Detailed = step == 0 || (step + 1) % config.Log.Every == 0 || step + 1 == steps;
        int parts = config.Train.Accumulate;
        double sum = 0;
        for (int part = 0; part < parts; part++)
        {
            Batch batch;
            using (OperatorProfile.Part(StepPart.Data))
            {
                batch = passes.WithTargets(loader.At((step * parts) + part));
            }

            using Scope scope = Scope.Gradient(config.Train.Seed, step, part);
            Tensor loss;
            using (OperatorProfile.Part(StepPart.Forward))
            {
                loss = Method.Loss(batch, Diagnostics);
            }

            double value = loss.ToScalar();
            if (!double.IsFinite(value))
            {
                throw new NotFiniteException($"the loss is {value}");
            }

            sum += value;
            using (OperatorProfile.Part(StepPart.Backward))
            {
                scope.Backward(loss);
            }
        }

        Apply(step, parts);
        using (OperatorProfile.Part(StepPart.Averages))
        {
            Method.AfterStep(step + 1, steps);
            average?.Update(Math.Min(config.Average.Decay, (1.0 + step) / (10.0 + step)));
        }

        return sum / parts;
    }

    /// <summary>Everything a checkpoint must hold, by name; the tensors themselves.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> State()
    {
        foreach ((string name, Tensor tensor) in Method.StateDict())
        {
            yield return KeyValuePair.Create(MethodPrefix + name, tensor);
        }

        foreach ((string name, Tensor tensor) in optimizer.StateDict())
        {
            yield return KeyValuePair.Create(name, tensor);
        }

        if (averaged is not null)
        {
            foreach ((string name, Tensor tensor) in averaged.NamedParameters())
            {
                yield return KeyValuePair.Create(AveragePrefix + name, tensor);
            }
        }
    }

    /// <summary>Takes the state of a checkpoint.</summary>
    /// <exception cref="TacitException">Something is missing or does not fit.</exception>
    public void Load(IReadOnlyDictionary<string, Tensor> state)
    {
        Method.Load(Part(state, MethodPrefix));
        optimizer.Load(state);
        if (averaged is not null)
        {
            averaged.Load(Part(state.Concat(averaged.NamedBuffers().Select(b => KeyValuePair.Create(AveragePrefix + b.Key, b.Value))), AveragePrefix));
        }
    }

    /// <summary>The optimiser's step, with the gradients of so many batches.</summary>
    private void Apply(long step, int parts)
    {
        using ProfilePart part = OperatorProfile.Part(StepPart.Optimizer);
        GradientNorm norm = optimizer.MeasureGradients(1.0 / parts);
        if (norm.NotFinite is { } name)
        {
            throw new NotFiniteException($"the gradient of {name} is not finite");
        }

        GradientNorm = norm.Value;
        LearningRate = config.Optimizer.Lr * Schedules.LrShare(config.Schedule, step, steps) * Method.LrScale;
        optimizer.Step(LearningRate, norm.ClipScale(config.Optimizer.ClipNorm) / parts);
    }

    private static Dictionary<string, Tensor> Part(IEnumerable<KeyValuePair<string, Tensor>> state, string prefix) =>
        state.Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(pair => pair.Key[prefix.Length..], pair => pair.Value, StringComparer.Ordinal);
}
