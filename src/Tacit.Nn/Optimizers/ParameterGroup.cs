using Tacit.Tensors;

namespace Tacit.Nn;

/// <summary>Parameters that are updated alike.</summary>
/// <param name="Parameters">Each with a unique <see cref="Tensor.Name"/>, under which its state is saved.</param>
public sealed record ParameterGroup(IReadOnlyList<Tensor> Parameters)
{
    /// <summary>Times the step's learning rate.</summary>
    public double LrScale { get; init; } = 1;

    public double WeightDecay { get; init; }

    /// <summary>Whether LARS and LAMB scale the step by a trust ratio.</summary>
    public bool Adapt { get; init; } = true;

    /// <summary>All parameters of a module that learn: one group, or two where biases and norms are spared from decay and adaptation.</summary>
    /// <exception cref="InvalidOperationException">A parameter was neither initialised nor loaded.</exception>
    public static IReadOnlyList<ParameterGroup> Of(Module module, OptimizerOptions options, double lrScale = 1)
    {
        if (module.FirstWithoutValues() is { } name)
        {
            throw new InvalidOperationException($"The parameter {name} has no values yet: call Initialize or Load before training.");
        }

        bool exclude = options.ExcludeOneDimensional ?? options.Name is "lars" or "lamb";
        ILookup<bool, Tensor> spared = module.Parameters().Where(parameter => parameter.RequiresGrad).ToLookup(parameter => exclude && parameter.Rank <= 1);
        var weights = new ParameterGroup([.. spared[false]]) { LrScale = lrScale, WeightDecay = options.WeightDecay };
        return spared[true].Any() ? [weights, new ParameterGroup([.. spared[true]]) { LrScale = lrScale, Adapt = false }] : [weights];
    }
}
