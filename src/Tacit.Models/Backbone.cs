using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Models;

/// <summary>An encoder: pictures in, one feature vector each out. It has no head.</summary>
public abstract class Backbone : Layer
{
    /// <summary>The name under which <see cref="FeatureLayer"/> can be asked for, whatever it is called.</summary>
    public const string Last = "last";

    /// <summary>What it was built from, and what rebuilds it.</summary>
    public abstract BackboneOptions Options { get; }

    /// <summary>Width of the features.</summary>
    public int Dim => Width(FeatureLayer);

    /// <summary>The layers whose output can serve as features, first to last.</summary>
    public abstract IReadOnlyList<string> Layers { get; }

    /// <summary>The layer that <see cref="Forward(Tensor)"/> gives.</summary>
    public virtual string FeatureLayer => Layers[^1];

    /// <summary>[N, H, W, 3] to [N, <see cref="Dim"/>].</summary>
    public override Tensor Forward(Tensor x) => Forward(x, FeatureLayer);

    /// <summary>[N, H, W, 3] to [N, Width(layer)]: the output of one of <see cref="Layers"/>, or <c>last</c>, pooled over places.</summary>
    /// <exception cref="TacitException">There is no such layer.</exception>
    public Tensor Forward(Tensor x, string layer) => Features(x, [Index(layer)])[0];

    /// <summary>Several layers of one pass over the pictures, in the order asked for.</summary>
    /// <exception cref="TacitException">There is no such layer.</exception>
    public IReadOnlyList<Tensor> Forward(Tensor x, IReadOnlyList<string> layers) => Features(x, [.. layers.Select(Index)]);

    /// <summary>How wide the features of a layer are.</summary>
    /// <exception cref="TacitException">There is no such layer.</exception>
    public int Width(string layer) => WidthAt(Index(layer));

    /// <summary>The pooled features of some layers, by their numbers in <see cref="Layers"/>; runs no deeper than the deepest of them.</summary>
    protected abstract Tensor[] Features(Tensor x, int[] layers);

    protected abstract int WidthAt(int layer);

    private int Index(string layer)
    {
        string name = layer == Last ? FeatureLayer : layer;
        for (int i = 0; i < Layers.Count; i++)
        {
            if (Layers[i] == name)
            {
                return i;
            }
        }

        throw new TacitException($"{Options.Name} has no layer '{layer}'; choose one of {string.Join(", ", Layers)}, or {Last} for {FeatureLayer}.");
    }
}
