using Tacit.Tensors;

namespace Tacit.Nn;

/// <summary>
/// Moves parameters against their gradients, in one pass over memory and in parallel; results depend on shapes, not on
/// threads. Parameters without a gradient are left alone, state included.
/// </summary>
public abstract class Optimizer
{
    private const string Prefix = "optim.";

    private readonly List<Slot> slots = [];
    private readonly GradientMeter meter;

    protected Optimizer(IReadOnlyList<ParameterGroup> groups, params ReadOnlySpan<string> stateNames)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (ParameterGroup group in groups)
        {
            foreach (Tensor parameter in group.Parameters)
            {
                if (parameter.Name is null || !names.Add(parameter.Name))
                {
                    throw new ArgumentException($"The optimiser needs parameters with names of their own; '{parameter.Name}' is missing or taken.");
                }

                slots.Add(new Slot(parameter, group, stateNames));
            }
        }

        Parameters = [.. slots.Select(slot => slot.Parameter)];
        Partition = new Partition(Parameters);
        meter = new GradientMeter(Parameters, Partition);
    }

    /// <summary>The optimisers there are.</summary>
    public static IReadOnlyList<string> Names { get; } = ["sgd", "adam", "adamw", "lars", "lamb"];

    public IReadOnlyList<Tensor> Parameters { get; }

    internal IReadOnlyList<Slot> Slots => slots;

    internal Partition Partition { get; }

    /// <summary>The optimiser that the options name.</summary>
    /// <exception cref="TacitException">There is none of that name.</exception>
    public static Optimizer Create(OptimizerOptions options, IReadOnlyList<ParameterGroup> groups) => options.Name switch
    {
        "sgd" => new Sgd(groups, options),
        "adam" => new Adam(groups, options, decoupled: false),
        "adamw" => new Adam(groups, options, decoupled: true),
        "lars" => new Lars(groups, options),
        "lamb" => new Lamb(groups, options),
        string other => throw new TacitException($"There is no optimiser '{other}'; choose one of {string.Join(", ", Names)}."),
    };

    /// <summary>The optimiser that the options name, for all parameters of a module.</summary>
    public static Optimizer Create(OptimizerOptions options, Module module) => Create(options, ParameterGroup.Of(module, options));

    /// <summary>The global norm of the gradients, times a scale; call it before <see cref="Step"/>, which clears them.</summary>
    public GradientNorm MeasureGradients(double scale = 1) => meter.Measure(scale);

    /// <summary>One update; clears the gradients.</summary>
    /// <param name="lr">This step's learning rate, before the groups' scales.</param>
    /// <param name="gradientScale">Times every gradient: 1/k for k accumulated micro-batches, and what clipping asks for.</param>
    public void Step(double lr, double gradientScale = 1)
    {
        foreach (Slot slot in slots)
        {
            if (slot.Parameter.HasGradient)
            {
                slot.Steps.Span[0]++;
            }
        }

        Update(lr, gradientScale);
        ClearGradients();
    }

    public void ClearGradients()
    {
        foreach (Slot slot in slots)
        {
            slot.Parameter.ClearGradient();
        }
    }

    /// <summary>What a later run needs to go on: moments and step counts as <c>optim.exp_avg.NAME</c>; the tensors themselves.</summary>
    public OrderedDictionary<string, Tensor> StateDict()
    {
        var state = new OrderedDictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (Slot slot in slots)
        {
            foreach (var (name, tensor) in slot.Named)
            {
                state.Add($"{Prefix}{name}.{slot.Parameter.Name}", tensor);
            }
        }

        return state;
    }

    /// <summary>Copies a saved state in; entries of others in the same table are not looked at.</summary>
    /// <exception cref="TacitException">Something is missing, left over, or of another shape.</exception>
    public void Load(IReadOnlyDictionary<string, Tensor> state)
    {
        OrderedDictionary<string, Tensor> own = StateDict();
        var fit = new StateFit(
            [.. own.Keys.Where(name => !state.ContainsKey(name))],
            [.. state.Keys.Where(name => name.StartsWith(Prefix, StringComparison.Ordinal) && !own.ContainsKey(name))],
            [.. own.Where(pair => state.TryGetValue(pair.Key, out Tensor? given) && given.Shape != pair.Value.Shape).Select(pair => pair.Key)]);
        if (!fit.Perfect)
        {
            throw new TacitException($"The saved state of the optimiser does not fit this run: {fit}.");
        }

        foreach (var (name, tensor) in own)
        {
            state[name].Span.CopyTo(tensor.Span);
        }
    }

    /// <summary>Updates every parameter that has a gradient; its step count already includes this step.</summary>
    protected abstract void Update(double lr, double gradientScale);

    /// <summary>One parameter with its state.</summary>
    internal sealed class Slot
    {
        public Slot(Tensor parameter, ParameterGroup group, ReadOnlySpan<string> stateNames)
        {
            Parameter = parameter;
            Group = group;
            Steps = Tensor.Lasting(new Shape());
            State = new Tensor[stateNames.Length];
            for (int i = 0; i < State.Length; i++)
            {
                State[i] = Tensor.Lasting(parameter.Shape);
                Named.Add((stateNames[i], State[i]));
            }

            Named.Add(("step", Steps));
        }

        public Tensor Parameter { get; }

        public ParameterGroup Group { get; }

        /// <summary>Updates made so far: a parameter that was frozen at first starts its own count.</summary>
        public Tensor Steps { get; }

        public Tensor[] State { get; }

        public List<(string Name, Tensor Tensor)> Named { get; } = [];
    }
}
