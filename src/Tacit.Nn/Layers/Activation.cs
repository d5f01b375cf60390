using Tacit.Tensors;

namespace Tacit.Nn;

/// <summary>What stands between two layers.</summary>
public enum Activation
{
    None,
    Relu,
    LeakyRelu,
    Gelu,
    GeluTanh,
    Silu,
    Tanh,
    Sigmoid,
}

public static class ActivationExtensions
{
    public static Tensor Apply(this Activation activation, Tensor x) => activation switch
    {
        Activation.None => x,
        Activation.Relu => Ops.Relu(x),
        Activation.LeakyRelu => Ops.LeakyRelu(x),
        Activation.Gelu => Ops.Gelu(x),
        Activation.GeluTanh => Ops.GeluTanh(x),
        Activation.Silu => Ops.Silu(x),
        Activation.Tanh => Ops.Tanh(x),
        Activation.Sigmoid => Ops.Sigmoid(x),
        _ => throw new ArgumentOutOfRangeException(nameof(activation)),
    };
}
