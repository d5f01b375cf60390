using Tacit.Tensors;

namespace Tacit.Nn;

/// <summary>A module that maps one tensor to another.</summary>
public abstract class Layer : Module
{
    public abstract Tensor Forward(Tensor x);
}
