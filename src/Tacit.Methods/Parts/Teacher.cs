using Tacit.Nn;
using Tacit.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Tacit.Methods;

/// <summary>
/// The slow twin of a network that learns: an exponential moving average of its parameters, equal to it at first, never
/// trained itself. Its running statistics are its own.
/// </summary>
/// <remarks>He et al. 2020, arXiv:1911.05722, equation 2; Grill et al. 2020, arXiv:2006.07733.</remarks>
public sealed class Teacher<T> : Module
    where T : Module
{
    private readonly T online;
    private MomentumPair? pair;

    /// <param name="online">The network that learns; it stays where it is.</param>
    /// <param name="twin">Built alike; it becomes part of this module as <c>twin</c>.</param>
    public Teacher(T online, T twin)
    {
        this.online = online;
        Twin = Add("twin", twin);
        Twin.RequireGradients(false);
    }

    /// <summary>The moving average.</summary>
    public T Twin { get; }

    /// <summary>twin = momentum · twin + (1 − momentum) · online; call it in <see cref="Method.AfterStep"/>.</summary>
    public void Update(double momentum) => Pair.Update(momentum);

    /// <summary>‖twin − online‖ / ‖online‖ over all parameters.</summary>
    public double Distance()
    {
        double apart = 0, length = 0;
        foreach ((KeyValuePair<string, Tensor> learned, KeyValuePair<string, Tensor> averaged) in online.NamedParameters().Zip(Twin.NamedParameters()))
        {
            double d = TensorPrimitives.Distance(learned.Value.Span, averaged.Value.Span);
            double n = TensorPrimitives.Norm<float>(learned.Value.Span);
            apart += d * d;
            length += n * n;
        }

        return length > 0 ? Math.Sqrt(apart / length) : 0;
    }

    /// <summary>On steps that are logged: how far it is behind.</summary>
    public void Report(Diagnostics diagnostics)
    {
        if (diagnostics.Detailed)
        {
            diagnostics.Report("teacher_distance", Distance());
        }
    }

    /// <summary>The twin begins as the network does: a method's parts are initialised together.</summary>
    protected override void OnInitialized(Func<Tensor, bool> fresh) => _ = Pair;

    private MomentumPair Pair => pair ??= new MomentumPair(online, Twin);
}
