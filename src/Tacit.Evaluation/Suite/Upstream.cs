using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Tacit.Data;
using Tacit.Data.Loading;
using Tacit.Models;
using Tacit.Tensors;
using Tacit.Training;
using Instructions = Tacit.Tensors.Simd.Width;

namespace Tacit.Evaluation.Suite;

/// <summary>
/// Something frozen that turns a recording into states over time, of one or several layers of one width. Recordings of more than
/// <see cref="SoundInput.LongestSeconds"/> are judged by their beginning.
/// </summary>
/// <remarks>
/// What it may be: an encoder of sequences, all layers of the last one's width; <c>raw</c>, <see cref="FbankUpstream"/>; an encoder of
/// log-mel pictures, <see cref="PictureUpstream"/>.
/// </remarks>
public abstract class Upstream
{
    private protected Upstream(string name, SoundInput input, IReadOnlyList<string> layers, int width, int hop, Backbone? backbone, string how = "")
    {
        (Name, Input, Layers, Width, Hop, Backbone) = (name, input, layers, width, hop, backbone);
        Identity = Identify($"{GetType().Name} {how}", input, layers, backbone);
    }

    /// <summary>As results call it.</summary>
    public string Name { get; }

    /// <summary>Names of the layers, first to last.</summary>
    public IReadOnlyList<string> Layers { get; }

    /// <summary>D, numbers of a state.</summary>
    public int Width { get; }

    /// <summary>Samples from one state to the next, at <see cref="Rate"/>.</summary>
    public int Hop { get; }

    /// <summary>Samples a second.</summary>
    public int Rate => Input.Rate;

    /// <summary>States a second.</summary>
    public double StateRate => (double)Rate / Hop;

    /// <summary>A hash of its weights, its architecture, what it is shown, and the instruction set, on which the last bits depend.</summary>
    public string Identity { get; }

    private protected SoundInput Input { get; }

    private protected Backbone? Backbone { get; }

    /// <summary>Opens what the user named, as <see cref="Encoder.Open"/> does.</summary>
    /// <param name="run">A run's directory, an encoder.safetensors, a folder as Hugging Face publishes it, <c>raw</c>, <c>raw:cmvn</c> or <c>random:BACKBONE</c>.</param>
    /// <param name="seed">Of an untrained encoder.</param>
    /// <param name="publishedPadding">Whether padding counts in the norms of a published encoder.</param>
    /// <exception cref="TacitException">There is no such thing, its run is not finished, or it does not take recordings.</exception>
    public static Upstream Open(string run, ulong? seed = null, bool publishedPadding = false)
    {
        if (run is Encoder.RawName or FbankUpstream.NormalisedName)
        {
            return new FbankUpstream(perRecording: run == FbankUpstream.NormalisedName);
        }

        var encoder = Encoder.Open(run, new SoundInput(), seed, publishedPadding);
        return Of(encoder);
    }

    internal static Upstream Of(Encoder encoder) => (encoder.Input, encoder.Backbone) switch
    {
        (SoundInput input, SequenceBackbone sequences) => new SequenceUpstream(encoder.Name, input, sequences),
        (SoundInput input, ResNet or AudioNttBackbone) => new PictureUpstream(encoder.Name, input, encoder.Backbone!),
        _ => throw new TacitException($"{encoder.Name} does not take recordings, so the speech suite cannot judge it."),
    };

    /// <summary>The states of every recording that can be decoded, one after the other.</summary>
    /// <param name="data">The recordings.</param>
    /// <param name="progress">Told how many items are done, of how many.</param>
    /// <param name="stop">Ends between two batches.</param>
    /// <returns>Each item's number and its states [L, T, D], T at least 1, long-lived.</returns>
    public IEnumerable<(int Item, Tensor States)> States(SoundDataset data, Action<int, int>? progress = null, CancellationToken stop = default)
    {
        foreach (Batch batch in Input.Batches(data, BatchSize))
        {
            stop.ThrowIfCancellationRequested();
            Tensor[] kept;
            using (Scope.NoGradient())
            {
                (IReadOnlyList<Tensor> layers, int[] lengths) = Layered(batch);
                kept = [.. lengths.Select((length, n) => Own(layers, n, length))];
            }

            for (int n = 0; n < kept.Length; n++)
            {
                yield return (batch.Items[n], kept[n]);
            }

            progress?.Invoke(batch.Items[^1] + 1, data.Count);
        }
    }

    private const int BatchSize = 64;

    /// <summary>The layers' states, [N, T, D] each, and how many of each item are its own.</summary>
    private protected abstract (IReadOnlyList<Tensor> Layers, int[] Lengths) Layered(Batch batch);

    private static Tensor Own(IReadOnlyList<Tensor> layers, int n, int length)
    {
        int width = layers[0].Shape[2], own = length * width, row = layers[0].Shape[1] * width;
        Tensor states = Tensor.Lasting(new Shape(layers.Count, length, width));
        for (int l = 0; l < layers.Count; l++)
        {
            layers[l].Span.Slice(n * row, own).CopyTo(states.Span.Slice(l * own, own));
        }

        return states;
    }

    private static string Identify(string kind, SoundInput input, IReadOnlyList<string> layers, Backbone? backbone)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Add(string text) => hash.AppendData(Encoding.UTF8.GetBytes(text + "\n"));
        Add(kind);
        Add(Instructions.Name);
        Add(string.Join(' ', layers));
        foreach ((string key, string value) in Inputs.ToMetadata(input).Concat(backbone is null ? [] : BackboneFactory.ToMetadata(backbone.Options)).OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            Add($"{key}={value}");
        }

        foreach ((string name, Tensor tensor) in backbone?.StateDict() ?? [])
        {
            Add(string.Create(CultureInfo.InvariantCulture, $"{name} {tensor.Shape}"));
            hash.AppendData(MemoryMarshal.AsBytes(tensor.Span));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..32];
    }
}

/// <summary>An encoder of sequences: all layers whose width is the last one's.</summary>
internal sealed class SequenceUpstream(string name, SoundInput input, SequenceBackbone backbone)
    : Upstream(name, input, [.. backbone.Layers.Where(l => backbone.Width(l) == backbone.Dim)], backbone.Dim, HopOf(input, backbone), backbone)
{
    private protected override (IReadOnlyList<Tensor> Layers, int[] Lengths) Layered(Batch batch) =>
        (Own.Hidden(batch.Views, batch.Lengths, Layers), Own.StateLengths(batch.Views, batch.Lengths));

    private SequenceBackbone Own => (SequenceBackbone)Backbone!;

    private static int HopOf(SoundInput input, SequenceBackbone backbone) => backbone.Stride * (input.Form == SoundForm.Wave ? 1 : input.Rate / 100);
}
