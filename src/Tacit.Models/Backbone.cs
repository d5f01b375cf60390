using System.Globalization;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Models;

/// <summary>An encoder: pictures, sound or text in, one feature vector each out. It has no head.</summary>
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

    /// <summary>[N, ..] to [N, <see cref="Dim"/>].</summary>
    public override Tensor Forward(Tensor x) => Forward(x, FeatureLayer);

    /// <summary>[N, ..] to [N, Width(layer)]: the output of one of <see cref="Layers"/>, or <c>last</c>, pooled over places.</summary>
    /// <exception cref="TacitException">There is no such layer.</exception>
    public Tensor Forward(Tensor x, string layer) => Features(x, null, [Index(layer)])[0];

    /// <summary>Several layers of one pass, in the order asked for.</summary>
    /// <exception cref="TacitException">There is no such layer.</exception>
    public IReadOnlyList<Tensor> Forward(Tensor x, IReadOnlyList<string> layers) => Forward(x, null, layers);

    /// <summary>Several layers of one pass over sound or text that is padded, in the order asked for.</summary>
    /// <param name="x">Pictures [N, H, W, C], waveforms [N, T], frames [N, T, F] or tokens [N, T].</param>
    /// <param name="lengths">How much of each item is real along T; null for all of it.</param>
    /// <param name="layers">Of <see cref="Layers"/>, or <c>last</c>.</param>
    /// <exception cref="TacitException">There is no such layer.</exception>
    public IReadOnlyList<Tensor> Forward(Tensor x, int[]? lengths, IReadOnlyList<string> layers) => Features(x, lengths, [.. layers.Select(Index)]);

    /// <summary>How wide the features of a layer are.</summary>
    /// <exception cref="TacitException">There is no such layer.</exception>
    public int Width(string layer) => WidthAt(Index(layer));

    /// <summary>The pooled features of some layers, by their numbers in <see cref="Layers"/>; runs no deeper than the deepest of them.</summary>
    protected abstract Tensor[] Features(Tensor x, int[]? lengths, int[] layers);

    protected abstract int WidthAt(int layer);

    /// <summary>
    /// The layer that people mean: one of <see cref="Layers"/>, <c>last</c>, or <c>layer:K</c>, which is the layer whose own number is K,
    /// and the K-th where layers have none.
    /// </summary>
    /// <exception cref="TacitException">There is no such layer; the message lists what there is.</exception>
    public virtual string Named(string layer)
    {
        const string Numbered = "layer:";
        if (layer.StartsWith(Numbered, StringComparison.Ordinal) && int.TryParse(layer.AsSpan(Numbered.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            string? own = Layers.FirstOrDefault(name => name.TrimEnd("0123456789".ToCharArray()) + number.ToString(CultureInfo.InvariantCulture) == name);
            layer = own ?? (!Layers.Any(name => char.IsAsciiDigit(name[^1])) && number >= 1 && number <= Layers.Count ? Layers[number - 1] : layer);
        }

        return layer == Last ? Last : Layers[Index(layer)];
    }

    /// <summary>The number in <see cref="Layers"/> of a layer, or of <c>last</c>.</summary>
    /// <exception cref="TacitException">There is no such layer.</exception>
    protected int Index(string layer)
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
