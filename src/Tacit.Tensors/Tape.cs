using System.Runtime.CompilerServices;

namespace Tacit.Tensors;

/// <summary>The operators of one forward pass in the order they ran; backward is a reverse walk over it, once.</summary>
public sealed class Tape
{
    private readonly List<Node> nodes = new(256);
    private bool done;

    public int Count => nodes.Count;

    /// <summary>Whether a result computed from these inputs must be recorded.</summary>
    /// <remarks>Operators ask after their kernel has run, with every input: that also keeps the inputs' memory alive until then.</remarks>
    /// <param name="name">The operator's, for a profile: it ends here.</param>
    public static bool Wants(Tensor a, [CallerMemberName] string name = "") => Wants(a, null, null, name);

    public static bool Wants(Tensor a, Tensor? b, [CallerMemberName] string name = "") => Wants(a, b, null, name);

    public static bool Wants(Tensor a, Tensor? b, Tensor? c, [CallerMemberName] string name = "")
    {
        OperatorProfile.Current?.Ended(name, a, b, c);
        return Scope.Current?.Tape is not null && (a.RequiresGrad || b is { RequiresGrad: true } || c is { RequiresGrad: true });
    }

    /// <summary>Records an operator; its output requires a gradient from now on.</summary>
    public static void Add(Node node)
    {
        Tape tape = Scope.Current!.Tape!;
        if (tape.done)
        {
            throw new InvalidOperationException($"{node.Name}: this scope's backward pass has run; sum all losses before it, or open a new scope.");
        }

        node.Output.RequiresGrad = true;
        tape.nodes.Add(node);
    }

    internal void Backward(Tensor loss)
    {
        if (done)
        {
            throw new InvalidOperationException("A tape runs backwards once: sum the losses first.");
        }

        if (loss.Length != 1)
        {
            throw ShapeException.Unfit("Backward", loss.Shape, "a loss is one number");
        }

        if (!loss.RequiresGrad)
        {
            throw new InvalidOperationException("Backward: nothing that led to this loss requires a gradient.");
        }

        done = true;
        Gradient seed = loss.GradientTarget();
        unsafe
        {
            seed.Data[0] = seed.Add ? seed.Data[0] + 1 : 1;
        }

        OperatorProfile? profile = OperatorProfile.Current;
        for (int i = nodes.Count - 1; i >= 0; i--)
        {
            Node node = nodes[i];
            if (node.Output.HasGradient)
            {
                profile?.BeginBackward();
                node.Backward();
                profile?.EndBackward(node);
                node.Output.ReleaseGradient();
            }
        }

        nodes.Clear();
    }
}

/// <summary>
/// One recorded operator. An operator is one file: a static forward in <c>Ops</c> and a sealed node whose
/// <see cref="Backward"/> reads the output's gradient and adds into its inputs'.
/// </summary>
public abstract class Node(string name, Tensor output)
{
    public string Name { get; } = name;

    public Tensor Output { get; } = output;

    /// <summary>Adds this operator's share to the gradients of those inputs that require one.</summary>
    public abstract void Backward();
}

/// <summary>Where an operator writes an input's gradient: the first writer stores, later writers add.</summary>
/// <param name="Address">Address of the gradient's first number; as many as the input has.</param>
/// <param name="Add">False: the memory is undefined and must be stored to; true: add to what is there.</param>
public readonly unsafe record struct Gradient(nint Address, bool Add)
{
    public float* Data => (float*)Address;
}
