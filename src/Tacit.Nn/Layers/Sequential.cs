using System.Globalization;
using Tacit.Tensors;

namespace Tacit.Nn;

/// <summary>Layers one after the other, named by their number as in torch.nn.Sequential.</summary>
public sealed class Sequential : Layer
{
    private readonly Layer[] layers;

    public Sequential(params ReadOnlySpan<Layer> layers)
    {
        this.layers = layers.ToArray();
        for (int i = 0; i < layers.Length; i++)
        {
            Add(i.ToString(CultureInfo.InvariantCulture), layers[i]);
        }
    }

    public int Count => layers.Length;

    public override Tensor Forward(Tensor x)
    {
        foreach (Layer layer in layers)
        {
            x = layer.Forward(x);
        }

        return x;
    }
}
