using Tacit.Data;
using Tacit.Data.Loading;
using Tacit.Models;
using Tacit.Tensors;

namespace Tacit.Evaluation;

/// <content>What label-free scores ask of an encoder: some items, views of items, states over time.</content>
public sealed partial class Encoder
{
    /// <summary>The features of some items, in their order.</summary>
    /// <param name="data">The items.</param>
    /// <param name="items">Which.</param>
    /// <param name="stop">Ends between two batches.</param>
    /// <exception cref="TacitException">None of them can be decoded, or they are not what the encoder takes.</exception>
    public Features Extract(Dataset data, int[] items, CancellationToken stop = default)
    {
        var values = Tensor.Lasting(new Shape(items.Length, Dim));
        var used = new List<int>(items.Length);
        foreach (Batch batch in Input.Batches(data, BatchSize, items))
        {
            stop.ThrowIfCancellationRequested();
            using (Scope.NoGradient())
            {
                Of(batch).Span.CopyTo(values.Rows(used.Count, batch.Size).Span);
            }

            used.AddRange(batch.Items);
        }

        return new Features(values.Rows(0, used.Count), [.. used]);
    }

    /// <summary>The features of one view of each item of a batch, [Size, D], in the open scope.</summary>
    internal Tensor Of(Batch batch, int view = 0)
    {
        Batch seen = batch with
        {
            Views = batch.View(view),
            ViewCount = 1,
            Lengths = batch.Lengths?.AsSpan(view * batch.Size, batch.Size).ToArray(),
        };
        return backbone is null ? RawFeatures.Of(seen) : Forward(seen, [Layer])[0];
    }

    /// <summary>
    /// The states over time of some recordings, [T, D] each and long-lived: of a network that sees sound as a picture its features as
    /// one state, of what is raw the FBANK frames, each recording's brought to mean 0 and deviation 1.
    /// </summary>
    internal IEnumerable<(int Item, Tensor States)> States(Dataset data, int[] items)
    {
        InputFormat input = backbone is null && Input is SoundInput sound ? sound with { Normalize = true } : Input;
        foreach (Batch batch in input.Batches(data, BatchSize, items))
        {
            Tensor[] kept;
            using (Scope.NoGradient())
            {
                (Tensor states, int[] lengths) = backbone switch
                {
                    SequenceBackbone sequences => (sequences.Hidden(batch.Views, batch.Lengths, [Layer])[0], sequences.StateLengths(batch.Views, batch.Lengths)),
                    null => (batch.Views, batch.Lengths!),
                    _ => (Of(batch).Reshape(batch.Size, 1, -1), [.. Enumerable.Repeat(1, batch.Size)]),
                };
                int row = states.Length / states.Shape[0], width = states.Shape[2];
                kept = [.. lengths.Select((length, n) =>
                {
                    var own = Tensor.Lasting(new Shape(length, width));
                    states.Span.Slice(n * row, own.Length).CopyTo(own.Span);
                    return own;
                })];
            }

            for (int n = 0; n < kept.Length; n++)
            {
                yield return (batch.Items[n], kept[n]);
            }
        }
    }
}
