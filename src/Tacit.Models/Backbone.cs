using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Models;

/// <summary>An encoder: pictures in, one feature vector each out. It has no head.</summary>
public abstract class Backbone : Layer
{
    /// <summary>What it was built from, and what rebuilds it.</summary>
    public abstract BackboneOptions Options { get; }

    /// <summary>Width of the features.</summary>
    public abstract int Dim { get; }

    /// <summary>[N, H, W, 3] to [N, <see cref="Dim"/>].</summary>
    public abstract override Tensor Forward(Tensor x);
}
