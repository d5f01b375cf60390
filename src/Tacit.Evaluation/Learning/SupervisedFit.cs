using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Evaluation;

/// <summary>
/// Moves what learns from labels, a step at a time: the one loop of heads, fine-tuning and networks from scratch. Which items a step sees is
/// a pure function of the seed and the step: every item once before any comes again.
/// </summary>
public sealed class SupervisedFit
{
    private static readonly ulong Order = Philox.Hash("fit order");

    private readonly FitOptions options;
    private readonly Optimizer optimizer;
    private int[] order = [];
    private long epoch = -1;

    /// <param name="groups">What learns.</param>
    /// <param name="options">How.</param>
    public SupervisedFit(IReadOnlyList<ParameterGroup> groups, FitOptions options)
    {
        this.options = options;
        optimizer = Optimizer.Create(options.Optimizer, groups);
    }

    /// <summary>Steps done.</summary>
    public long Done { get; private set; }

    /// <summary>Whether all steps are done.</summary>
    public bool Finished => Done >= options.Steps;

    /// <summary>The positions, 0 … count-1, of the items of the next step.</summary>
    /// <param name="count">Items to learn from, at least one and the same number each time.</param>
    public int[] Next(int count)
    {
        int size = Math.Min(options.BatchSize, count);
        int[] batch = new int[size];
        for (int i = 0; i < size; i++)
        {
            long at = (Done * size) + i;
            if (at / count != epoch)
            {
                epoch = at / count;
                order = Philox.Permutation(count, options.Seed, Order, (int)epoch);
            }

            batch[i] = order[at % count];
        }

        return batch;
    }

    /// <summary>One step.</summary>
    /// <param name="loss">Makes the loss, a scalar, of the step's items.</param>
    /// <returns>The loss before the step.</returns>
    /// <exception cref="TacitException">The loss or a gradient is not finite; nothing was changed.</exception>
    public double Step(Func<Tensor> loss)
    {
        using Scope scope = Scope.Gradient(options.Seed, Done, 0);
        Tensor value = loss();
        double number = value.ToScalar();
        if (!double.IsFinite(number))
        {
            throw new TacitException($"Learning from labels stopped at step {Done}: the loss is {number}; try a lower learning rate.");
        }

        scope.Backward(value);
        GradientNorm norm = optimizer.MeasureGradients();
        if (norm.NotFinite is { } name)
        {
            optimizer.ClearGradients();
            throw new TacitException($"Learning from labels stopped at step {Done}: the gradient of {name} is not finite; try a lower learning rate.");
        }

        optimizer.Step(options.Optimizer.Lr * Schedules.LrShare(options.Schedule, Done, options.Steps), norm.ClipScale(options.Optimizer.ClipNorm));
        Done++;
        return number;
    }
}
