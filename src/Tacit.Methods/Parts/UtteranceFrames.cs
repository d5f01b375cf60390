using Tacit.Data.Loading;
using Tacit.Models;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>The frames that an encoder makes of a batch of recordings, numbered without padding: utterance after utterance.</summary>
internal sealed class UtteranceFrames
{
    /// <param name="backbone">Makes the frames.</param>
    /// <param name="batch">One view an item.</param>
    public UtteranceFrames(SequenceBackbone backbone, Batch batch)
    {
        Waves = batch.View(0);
        Samples = batch.Lengths?[..batch.Size];
        Shown = backbone.StateLengths(Waves, Samples);
        Lengths = [.. Enumerable.Range(0, batch.Size).Select(i => backbone.States(Samples?[i] ?? Waves.Shape[1]))];
        Utterances = [.. Enumerable.Range(0, batch.Size).SelectMany(n => Enumerable.Repeat(n, Lengths[n]))];
        Indices = [.. Lengths.SelectMany(length => Enumerable.Range(0, length))];
    }

    /// <summary>[N, samples]</summary>
    public Tensor Waves { get; }

    /// <summary>Samples of each utterance that are real; null where all are.</summary>
    public int[]? Samples { get; }

    /// <summary>What networks are told: an utterance that is too short for a frame has one there, which is not looked at.</summary>
    public int[] Shown { get; }

    /// <summary>Frames of each utterance.</summary>
    public int[] Lengths { get; }

    /// <summary>R, all of them.</summary>
    public int Count => Utterances.Length;

    /// <summary>[R]: each frame's utterance.</summary>
    public int[] Utterances { get; }

    /// <summary>[R]: its place in that.</summary>
    public int[] Indices { get; }

    /// <summary>[N, T, D] to [R, D]</summary>
    public Tensor Pack(Tensor states) => Ops.PackFrames(states, Lengths);
}
