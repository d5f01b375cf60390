using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Evaluation.Suite.Sequence;

/// <summary>
/// The beginning of every head over time: the weighted sum of layers, some neighbouring states put side by side so that fewer remain, and a
/// linear layer. [L, N, T, D] to [N, ⌈T / k⌉, P].
/// </summary>
/// <remarks>Yang et al. 2021 (SUPERB), arXiv:2105.01051, section 3: the weighted sum goes through a linear layer before the task's own head.</remarks>
internal sealed class StateProjector : Module
{
    private readonly LayerSum sum;
    private readonly Linear linear;

    /// <param name="layers">L</param>
    /// <param name="width">D</param>
    /// <param name="stack">k</param>
    /// <param name="output">P</param>
    public StateProjector(int layers, int width, int stack, int output)
    {
        Stack = stack;
        sum = Add("featurizer", new LayerSum(layers));
        linear = Add("projector", new Linear(stack * width, output));
    }

    /// <summary>k</summary>
    public int Stack { get; }

    /// <summary>How much each layer weighs.</summary>
    public double[] Shares => sum.Shares();

    /// <summary>How many states go together so that about so many a second remain; at least 1.</summary>
    public static int StackFor(double stateRate, double wanted) => Math.Max(1, (int)Math.Round(stateRate / wanted));

    /// <param name="states">[L, N, T, D], 0 beyond an item's end.</param>
    public Tensor Forward(Tensor states)
    {
        Tensor x = sum.Forward(states);
        int beyond = (Stack - (x.Shape[1] % Stack)) % Stack;
        x = beyond > 0 ? Ops.Pad(x, 1, 0, beyond) : x;
        return linear.Forward(x.Reshape(x.Shape[0], x.Shape[1] / Stack, Stack * x.Shape[2]));
    }

    /// <summary>States that remain of so many.</summary>
    public int Remaining(int states) => (states + Stack - 1) / Stack;
}
