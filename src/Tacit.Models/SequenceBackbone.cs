using Tacit.Tensors;

namespace Tacit.Models;

/// <summary>
/// An encoder of sequences: waveforms [N, T], frames [N, T, F] or tokens [N, T] in, a sequence of states a layer out. What is
/// padding never changes a result.
/// </summary>
public abstract class SequenceBackbone : Backbone
{
    /// <summary>Samples or frames of the input from one state to the next.</summary>
    public abstract int Stride { get; }

    /// <summary>How many states so much of the input gives; 0 where it is shorter than the receptive field.</summary>
    public abstract int States(int length);

    /// <summary>The states of some layers, by name, from one pass.</summary>
    /// <param name="x">The input.</param>
    /// <param name="lengths">How much of each item is real; null for all of it.</param>
    /// <param name="layers">Of <see cref="Backbone.Layers"/>, or <c>last</c>.</param>
    /// <returns>[N, T', Width(layer)] each; what lies behind an item's states is not to be looked at.</returns>
    /// <exception cref="TacitException">There is no such layer.</exception>
    public IReadOnlyList<Tensor> Hidden(Tensor x, int[]? lengths, IReadOnlyList<string> layers) => States(x, lengths, [.. layers.Select(Index)]);

    /// <summary>How many states each item has: <see cref="States(int)"/> of its length, at least one.</summary>
    public int[] StateLengths(Tensor x, int[]? lengths) =>
        [.. Enumerable.Range(0, x.Shape[0]).Select(i => Math.Max(1, States(lengths?[i] ?? x.Shape[1])))];

    /// <summary>Also <c>encoder</c>, the first layer, and <c>context</c>, the last, where no layer has that name itself.</summary>
    public override string Named(string layer) => Layers.Contains(layer) ? layer : layer switch
    {
        "encoder" => Layers[0],
        "context" => Layers[^1],
        _ => base.Named(layer),
    };

    /// <summary>The states of some layers, by their numbers in <see cref="Backbone.Layers"/>; runs no deeper than the deepest of them.</summary>
    protected abstract IReadOnlyList<Tensor> States(Tensor x, int[]? lengths, int[] layers);

    /// <summary>The mean of each item's own states.</summary>
    protected override Tensor[] Features(Tensor x, int[]? lengths, int[] layers)
    {
        int[] states = StateLengths(x, lengths);
        return [.. States(x, lengths, layers).Select(layer => Ops.MeanOverTime(layer, states))];
    }
}
