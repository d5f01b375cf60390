using Tacit.Tensors;

namespace Tacit.Nn;

/// <summary>
/// A part of a network: parameters, buffers and further modules under dotted names, PyTorch's names where PyTorch has the
/// layer. Everything is registered by hand in constructors; nothing is found by reflection.
/// </summary>
public abstract class Module
{
    private readonly List<Slot> parameters = [];
    private readonly List<Slot> buffers = [];
    private readonly List<(string Name, Module Module)> children = [];
    private bool owned;

    /// <summary>Where this module hangs in its network, for example <c>backbone.layer1.0</c>; empty for the root.</summary>
    public string Path { get; private set; } = string.Empty;

    /// <summary>Whether batch norm uses and updates batch statistics and dropout drops; true until <see cref="Eval"/>.</summary>
    public bool Training { get; private set; } = true;

    public void Train() => SetTraining(true);

    public void Eval() => SetTraining(false);

    /// <summary>What the optimiser moves: own ones first, then the children's, in the order of registration; relative names.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> NamedParameters() => Walk(string.Empty, static module => module.parameters).Select(Named);

    /// <summary>Running statistics and the like: saved, never moved by the optimiser.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> NamedBuffers() => Walk(string.Empty, static module => module.buffers).Select(Named);

    public IEnumerable<Tensor> Parameters() => NamedParameters().Select(pair => pair.Value);

    /// <summary>This module and all that it is made of, in the order of registration.</summary>
    public IEnumerable<Module> Parts() => children.SelectMany(child => child.Module.Parts()).Prepend(this);

    /// <summary>How many numbers are learned.</summary>
    public long ParameterCount => Parameters().Sum(parameter => (long)parameter.Length);

    /// <summary>Whether backward computes gradients for this module's parameters: false freezes it.</summary>
    public void RequireGradients(bool required)
    {
        foreach (Tensor parameter in Parameters())
        {
            parameter.RequiresGrad = required;
        }
    }

    /// <summary>
    /// Gives every parameter that has no values yet its starting ones, each a pure function of the seed and its full name. What
    /// was initialised or loaded before stays as it is.
    /// </summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="path">Where this module will hang, if it does not hang there yet: it then begins as it would there.</param>
    public void Initialize(ulong seed, string path = "")
    {
        foreach (var (name, slot) in Walk(path.Length > 0 ? path : Path, static module => module.parameters))
        {
            if (!slot.Ready)
            {
                slot.Initializer!(slot.Tensor, seed, Philox.Hash("init", name));
            }
        }

        AfterInitialize();
        foreach (var (_, slot) in Walk(string.Empty, static module => module.parameters))
        {
            slot.Ready = true;
        }
    }

    /// <summary>Parameters and buffers by relative name, in PyTorch's order; the tensors themselves, not copies.</summary>
    public OrderedDictionary<string, Tensor> StateDict()
    {
        var state = new OrderedDictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var (name, slot) in Walk(string.Empty, static module => module.parameters.Concat(module.buffers)))
        {
            state.Add(name, slot.Tensor);
        }

        return state;
    }

    /// <summary>How a state would fit, without touching anything.</summary>
    public StateFit Compare(IReadOnlyDictionary<string, Tensor> state)
    {
        OrderedDictionary<string, Tensor> own = StateDict();
        return new StateFit(
            [.. own.Keys.Where(name => !state.ContainsKey(name))],
            [.. state.Keys.Where(name => !own.ContainsKey(name))],
            [.. own.Where(pair => state.TryGetValue(pair.Key, out Tensor? given) && given.Shape != pair.Value.Shape)
                .Select(pair => $"{pair.Key} {state[pair.Key].Shape} instead of {pair.Value.Shape}")]);
    }

    /// <summary>Copies values in, all or none.</summary>
    /// <param name="state">By relative name.</param>
    /// <param name="strict">False takes what fits and reports the rest; true refuses anything but a perfect fit.</param>
    /// <exception cref="TacitException">Strict, and names are missing, left over, or of another shape.</exception>
    public StateFit Load(IReadOnlyDictionary<string, Tensor> state, bool strict = true)
    {
        StateFit fit = Compare(state);
        if (strict && !fit.Perfect)
        {
            throw new TacitException($"The weights do not fit {(Path.Length > 0 ? Path : GetType().Name)}: {fit}.");
        }

        foreach (var (name, slot) in Walk(string.Empty, static module => module.parameters.Concat(module.buffers)))
        {
            if (state.TryGetValue(name, out Tensor? given) && given.Shape == slot.Tensor.Shape)
            {
                given.Span.CopyTo(slot.Tensor.Span);
                slot.Ready = true;
            }
        }

        return fit;
    }

    public override string ToString() => $"{GetType().Name}{(Path.Length > 0 ? $" {Path}" : string.Empty)}";

    /// <summary>The full name of the first parameter that was neither initialised nor loaded, or null.</summary>
    internal string? FirstWithoutValues() => Walk(Path, static module => module.parameters).Where(pair => !pair.Value.Ready).Select(pair => pair.Key).FirstOrDefault();

    /// <summary>Registers a part of this module.</summary>
    protected T Add<T>(string name, T child)
        where T : Module
    {
        ArgumentNullException.ThrowIfNull(child);
        CheckName(name);
        if (child.owned)
        {
            throw new InvalidOperationException($"{child} is already part of a network; a module has one place.");
        }

        child.owned = true;
        child.SetPath(Join(Path, name));
        children.Add((name, child));
        return child;
    }

    /// <summary>Registers a part whose own parts keep their names, as if they were this module's: for a module that wraps another.</summary>
    protected T Wrap<T>(T child)
        where T : Module
    {
        ArgumentNullException.ThrowIfNull(child);
        if (child.owned)
        {
            throw new InvalidOperationException($"{child} is already part of a network; a module has one place.");
        }

        child.owned = true;
        child.SetPath(Path);
        children.Add((string.Empty, child));
        return child;
    }

    /// <summary>Registers a learned tensor; its values come from <see cref="Initialize"/> or <see cref="Load"/>.</summary>
    protected Tensor AddParameter(string name, Shape shape, Initializer initializer)
    {
        CheckName(name);
        var tensor = Tensor.Parameter(shape, Join(Path, name));
        parameters.Add(new Slot(name, tensor, initializer));
        return tensor;
    }

    /// <summary>Registers a tensor that is saved but not learned, filled with one value.</summary>
    protected Tensor AddBuffer(string name, Shape shape, float value = 0)
    {
        CheckName(name);
        var tensor = Tensor.Lasting(shape);
        tensor.Span.Fill(value);
        tensor.Name = Join(Path, name);
        buffers.Add(new Slot(name, tensor, null) { Ready = true });
        return tensor;
    }

    /// <summary>Starting values that depend on other starting values; called after each <see cref="Initialize"/>.</summary>
    /// <param name="fresh">Tells which parameters were just given their first values.</param>
    protected virtual void OnInitialized(Func<Tensor, bool> fresh) { }

    private static KeyValuePair<string, Tensor> Named(KeyValuePair<string, Slot> pair) => KeyValuePair.Create(pair.Key, pair.Value.Tensor);

    private static string Join(string path, string name) => path.Length == 0 ? name : name.Length == 0 ? path : $"{path}.{name}";

    private void AfterInitialize()
    {
        OnInitialized(tensor => parameters.Exists(slot => slot.Tensor == tensor && !slot.Ready));
        foreach (var (_, child) in children)
        {
            child.AfterInitialize();
        }
    }

    private void SetTraining(bool training)
    {
        Training = training;
        foreach (var (_, child) in children)
        {
            child.SetTraining(training);
        }
    }

    private void SetPath(string path)
    {
        Path = path;
        foreach (Slot slot in parameters.Concat(buffers))
        {
            slot.Tensor.Name = Join(path, slot.Name);
        }

        foreach (var (name, child) in children)
        {
            child.SetPath(Join(path, name));
        }
    }

    private IEnumerable<KeyValuePair<string, Slot>> Walk(string prefix, Func<Module, IEnumerable<Slot>> slots)
    {
        foreach (Slot slot in slots(this))
        {
            yield return KeyValuePair.Create(Join(prefix, slot.Name), slot);
        }

        foreach (var (name, child) in children)
        {
            foreach (KeyValuePair<string, Slot> pair in child.Walk(Join(prefix, name), slots))
            {
                yield return pair;
            }
        }
    }

    private void CheckName(string name)
    {
        if (name.Length == 0 || name.Contains('.', StringComparison.Ordinal))
        {
            throw new ArgumentException($"'{name}' cannot name a part of a module.", nameof(name));
        }

        if (parameters.Exists(slot => slot.Name == name) || buffers.Exists(slot => slot.Name == name) || children.Exists(child => child.Name == name))
        {
            throw new ArgumentException($"{this} already has a part named '{name}'.", nameof(name));
        }
    }

    private sealed class Slot(string name, Tensor tensor, Initializer? initializer)
    {
        public string Name { get; } = name;

        public Tensor Tensor { get; } = tensor;

        public Initializer? Initializer { get; } = initializer;

        public bool Ready { get; set; }
    }
}
