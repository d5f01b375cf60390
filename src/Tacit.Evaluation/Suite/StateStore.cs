using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Tacit.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Tacit.Evaluation.Suite;

/// <summary>
/// The states of one data set's recordings on disk, read as they are asked for. They are kept as 16-bit floats, so that whether they
/// were computed just now or long ago makes no difference. Thread-safe.
/// </summary>
public sealed class StateStore : IDisposable
{
    private readonly SafeFileHandle file;
    private readonly (long Offset, int Frames)[] index;

    internal StateStore(SafeFileHandle file, string key, int layers, int width, double stateRate, (long Offset, int Frames)[] index)
    {
        (this.file, this.index) = (file, index);
        (Key, Layers, Width, StateRate) = (key, layers, width, stateRate);
        Items = [.. Enumerable.Range(0, index.Length).Where(i => index[i].Frames > 0)];
    }

    /// <summary>A hash of upstream and data.</summary>
    public string Key { get; }

    /// <summary>L</summary>
    public int Layers { get; }

    /// <summary>D</summary>
    public int Width { get; }

    /// <summary>States a second.</summary>
    public double StateRate { get; }

    /// <summary>Recordings of the data set, those that cannot be decoded included.</summary>
    public int Count => index.Length;

    /// <summary>The recordings that have states, by their numbers in the data set.</summary>
    public IReadOnlyList<int> Items { get; }

    /// <summary>T, states of a recording; 0 where it cannot be decoded.</summary>
    public int Frames(int item) => index[item].Frames;

    /// <summary>One recording: [L, T, D], in the open scope.</summary>
    public Tensor Read(int item) => Batch([item]).States.Reshape(Layers, Frames(item), Width);

    /// <summary>Several recordings, or parts of them: [L, N, T, D] with 0 in padding, in the open scope, and how many states each has.</summary>
    /// <param name="items">Recordings that have states.</param>
    /// <param name="parts">The first state of each and how many; null for all. What reaches beyond the end is cut off.</param>
    public (Tensor States, int[] Lengths) Batch(IReadOnlyList<int> items, IReadOnlyList<(int First, int Count)>? parts = null)
    {
        (int First, int Count)[] own = [.. items.Select((item, n) => parts is null ? (0, Frames(item)) : (parts[n].First, Math.Min(parts[n].Count, Frames(item) - parts[n].First)))];
        int longest = own.Max(p => p.Count);
        Tensor states = Tensor.Zeros(new Shape(Layers, items.Count, longest, Width));
        var body = new Reading { Store = this, Items = [.. items], Parts = own, States = states };
        WorkerPool.Shared.For(items.Count, ref body);
        return (states, [.. own.Select(p => p.Count)]);
    }

    /// <summary>The mean over time of several recordings, [L, N, D], in the open scope.</summary>
    public Tensor Means(IReadOnlyList<int> items)
    {
        Tensor means = Tensor.Empty(new Shape(Layers, items.Count, Width));
        var body = new Averaging { Store = this, Items = [.. items], Means = means };
        WorkerPool.Shared.For(items.Count, ref body);
        return means;
    }

    public void Dispose() => file.Dispose();

    /// <summary>Some states of one layer of a recording, [count, D].</summary>
    private void Read(int item, int layer, int first, int count, Span<float> into)
    {
        (long offset, int frames) = index[item];
        Half[] halves = GC.AllocateUninitializedArray<Half>(count * Width);
        Span<byte> bytes = MemoryMarshal.AsBytes(halves.AsSpan());
        long at = offset + ((((long)layer * frames) + first) * Width * sizeof(ushort));
        for (int got = 0; got < bytes.Length;)
        {
            int read = RandomAccess.Read(file, bytes[got..], at + got);
            got += read > 0 ? read : throw new TacitException("The cache of states was changed while it was read; run the command again.");
        }

        if (!BitConverter.IsLittleEndian)
        {
            Span<ushort> words = MemoryMarshal.Cast<byte, ushort>(bytes);
            BinaryPrimitives.ReverseEndianness(words, words);
        }

        TensorPrimitives.ConvertToSingle(halves, into);
    }

    private struct Reading : IBlockBody
    {
        public StateStore Store;
        public int[] Items;
        public (int First, int Count)[] Parts;
        public Tensor States;

        public readonly void Invoke(int block)
        {
            int longest = States.Shape[2], width = Store.Width;
            (int first, int count) = Parts[block];
            for (int l = 0; l < Store.Layers; l++)
            {
                Store.Read(Items[block], l, first, count, States.Span.Slice(((l * Items.Length) + block) * longest * width, count * width));
            }
        }
    }

    private struct Averaging : IBlockBody
    {
        public StateStore Store;
        public int[] Items;
        public Tensor Means;

        public readonly void Invoke(int block)
        {
            int width = Store.Width, frames = Store.Frames(Items[block]);
            float[] states = new float[frames * width];
            for (int l = 0; l < Store.Layers; l++)
            {
                Store.Read(Items[block], l, 0, frames, states);
                Span<float> mean = Means.Span.Slice(((l * Items.Length) + block) * width, width);
                mean.Clear();
                for (int t = 0; t < frames; t++)
                {
                    TensorPrimitives.Add(mean, states.AsSpan(t * width, width), mean);
                }

                TensorPrimitives.Divide(mean, frames, mean);
            }
        }
    }
}
