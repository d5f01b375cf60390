using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Tacit.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Tacit.Evaluation.Suite;

/// <summary>
/// The file behind a <see cref="StateStore"/>, little-endian: 8 bytes "TACITST1"; 64 of its key; the counts of items, layers and numbers
/// of a state, 4 each; 8 of the states a second; the states as float16, an item's [L, T, D] after the other's; for each item where its
/// states begin, 8, and how many there are, 4; 32 of the SHA-256 of all that.
/// </summary>
internal static class StateFile
{
    private const int HeaderBytes = 8 + 64 + 12 + 8, EntryBytes = 12, DigestBytes = 32;

    /// <summary>The largest number that a float16 holds; what is beyond is kept as this.</summary>
    private const float Most = 65504;

    private static ReadOnlySpan<byte> Magic => "TACITST1"u8;

    /// <summary>Writes a file, which appears under its name when it is whole.</summary>
    /// <exception cref="TacitException">A state is not a finite number, or the disk is full.</exception>
    public static void Write(string path, string key, Upstream upstream, int count, IEnumerable<(int Item, Tensor States)> states) => AtomicFile.Write(path, stream =>
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long at = 0;
        void Put(ReadOnlySpan<byte> bytes)
        {
            stream.Write(bytes);
            hash.AppendData(bytes);
            at += bytes.Length;
        }

        Span<byte> header = stackalloc byte[HeaderBytes];
        Magic.CopyTo(header);
        Encoding.ASCII.GetBytes(key, header[8..]);
        BinaryPrimitives.WriteInt32LittleEndian(header[72..], count);
        BinaryPrimitives.WriteInt32LittleEndian(header[76..], upstream.Layers.Count);
        BinaryPrimitives.WriteInt32LittleEndian(header[80..], upstream.Width);
        BinaryPrimitives.WriteDoubleLittleEndian(header[84..], upstream.StateRate);
        Put(header);
        byte[] index = new byte[count * EntryBytes];
        foreach ((int item, Tensor tensor) in states)
        {
            BinaryPrimitives.WriteInt64LittleEndian(index.AsSpan(item * EntryBytes), at);
            BinaryPrimitives.WriteInt32LittleEndian(index.AsSpan((item * EntryBytes) + 8), tensor.Shape[1]);
            Put(Halves(tensor, upstream.Name));
        }

        Put(index);
        stream.Write(hash.GetHashAndReset());
    });

    /// <summary>Opens a file after all of it was checked.</summary>
    /// <returns>The states, or why the file cannot be used.</returns>
    public static (StateStore? Store, string? Why) Open(string path, string key, Upstream upstream)
    {
        SafeFileHandle file = File.OpenHandle(path, options: FileOptions.RandomAccess);
        bool used = false;
        try
        {
            long length = RandomAccess.GetLength(file);
            Span<byte> header = stackalloc byte[HeaderBytes];
            if (length < HeaderBytes + DigestBytes || RandomAccess.Read(file, header, 0) < HeaderBytes || !header[..8].SequenceEqual(Magic))
            {
                return (null, "is no file of states");
            }

            if (Encoding.ASCII.GetString(header[8..72]).TrimEnd('\0') != key)
            {
                return (null, "was made from other weights or other data");
            }

            int count = BinaryPrimitives.ReadInt32LittleEndian(header[72..]);
            long indexAt = length - DigestBytes - ((long)count * EntryBytes);
            if (!Whole(file, length) || count < 0 || indexAt < HeaderBytes)
            {
                return (null, "is damaged");
            }

            var index = new (long, int)[count];
            byte[] bytes = new byte[count * EntryBytes];
            _ = RandomAccess.Read(file, bytes, indexAt);
            for (int i = 0; i < count; i++)
            {
                index[i] = (BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(i * EntryBytes)), BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan((i * EntryBytes) + 8)));
            }

            used = true;
            return (new StateStore(file, key, upstream.Layers.Count, upstream.Width, upstream.StateRate, index), null);
        }
        finally
        {
            if (!used)
            {
                file.Dispose();
            }
        }
    }

    private static bool Whole(SafeFileHandle file, long length)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] piece = new byte[1 << 20];
        for (long at = 0; at < length - DigestBytes;)
        {
            int read = RandomAccess.Read(file, piece.AsSpan(0, (int)Math.Min(piece.Length, length - DigestBytes - at)), at);
            if (read <= 0)
            {
                return false;
            }

            hash.AppendData(piece, 0, read);
            at += read;
        }

        Span<byte> digest = stackalloc byte[DigestBytes];
        return RandomAccess.Read(file, digest, length - DigestBytes) == DigestBytes && digest.SequenceEqual(hash.GetHashAndReset());
    }

    private static byte[] Halves(Tensor states, string upstream)
    {
        if (!TensorPrimitives.IsFiniteAll<float>(states.Span))
        {
            throw new TacitException($"A state of {upstream} is not a finite number: the encoder is broken.");
        }

        byte[] bytes = GC.AllocateUninitializedArray<byte>(states.Length * sizeof(ushort));
        Span<Half> halves = MemoryMarshal.Cast<byte, Half>(bytes.AsSpan());
        float[] held = new float[states.Length];
        TensorPrimitives.Clamp<float>(states.Span, -Most, Most, held);
        TensorPrimitives.ConvertToHalf(held, halves);
        if (!BitConverter.IsLittleEndian)
        {
            Span<ushort> words = MemoryMarshal.Cast<byte, ushort>(bytes.AsSpan());
            BinaryPrimitives.ReverseEndianness(words, words);
        }

        return bytes;
    }
}
