using Tacit.Tensors;

namespace Tacit.Nn;

/// <summary>y = x · weightᵀ + bias over the last axis: [.., in] to [.., out].</summary>
/// <remarks>Names (<c>weight</c> [out, in], <c>bias</c>) and default starting values as torch.nn.Linear.</remarks>
public sealed class Linear : Layer
{
    public Linear(int input, int output, bool bias = true, Initializer? weightInitializer = null, Initializer? biasInitializer = null)
    {
        Weight = AddParameter("weight", new Shape(output, input), weightInitializer ?? Initializers.KaimingUniform());
        Bias = bias ? AddParameter("bias", new Shape(output), biasInitializer ?? Initializers.Bias(input)) : null;
    }

    /// <summary>[out, in]</summary>
    public Tensor Weight { get; }

    /// <summary>[out], or null.</summary>
    public Tensor? Bias { get; }

    public int Input => Weight.Shape[1];

    public int Output => Weight.Shape[0];

    public override Tensor Forward(Tensor x) => Forward(x, relu: false);

    /// <summary>With a ReLU in the same pass over memory where asked.</summary>
    public Tensor Forward(Tensor x, bool relu) => Ops.Linear(x, Weight, Bias, relu);
}
