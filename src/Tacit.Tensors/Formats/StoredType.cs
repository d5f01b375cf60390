using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Tacit.Tensors;

/// <summary>The number types that files hold and that are read as float32, little-endian.</summary>
internal enum StoredType
{
    Bool,
    U8,
    I8,
    U16,
    I16,
    F16,
    BF16,
    U32,
    I32,
    F32,
    U64,
    I64,
    F64,
}

internal static class StoredTypes
{
    public static int Size(this StoredType type) => type switch
    {
        StoredType.Bool or StoredType.U8 or StoredType.I8 => 1,
        StoredType.U16 or StoredType.I16 or StoredType.F16 or StoredType.BF16 => 2,
        StoredType.U32 or StoredType.I32 or StoredType.F32 => 4,
        _ => 8,
    };

    /// <summary>Fills the tensor from the stream, converting to float32 in pieces.</summary>
    public static void Read(Stream stream, StoredType type, Tensor into)
    {
        Span<float> values = into.Span;
        if (type == StoredType.F32 && BitConverter.IsLittleEndian)
        {
            stream.ReadExactly(MemoryMarshal.AsBytes(values));
            return;
        }

        int size = type.Size();
        byte[] buffer = new byte[Math.Min(1 << 16, Math.Max(1, values.Length) * size)];
        for (int i = 0; i < values.Length;)
        {
            int count = Math.Min(buffer.Length / size, values.Length - i);
            ReadOnlySpan<byte> bytes = buffer.AsSpan(0, count * size);
            stream.ReadExactly(buffer, 0, count * size);
            for (int j = 0; j < count; j++)
            {
                values[i + j] = ToSingle(bytes[(j * size)..], type);
            }

            i += count;
        }
    }

    public static void WriteSingles(Stream stream, ReadOnlySpan<float> values)
    {
        if (BitConverter.IsLittleEndian)
        {
            stream.Write(MemoryMarshal.AsBytes(values));
            return;
        }

        Span<byte> bytes = stackalloc byte[sizeof(float)];
        foreach (float value in values)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
            stream.Write(bytes);
        }
    }

    public static void WriteInt64s(Stream stream, ReadOnlySpan<long> values)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        foreach (long value in values)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
            stream.Write(bytes);
        }
    }

    private static float ToSingle(ReadOnlySpan<byte> bytes, StoredType type) => type switch
    {
        StoredType.Bool => bytes[0] == 0 ? 0 : 1,
        StoredType.U8 => bytes[0],
        StoredType.I8 => (sbyte)bytes[0],
        StoredType.U16 => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
        StoredType.I16 => BinaryPrimitives.ReadInt16LittleEndian(bytes),
        StoredType.F16 => (float)BinaryPrimitives.ReadHalfLittleEndian(bytes),
        StoredType.BF16 => BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(bytes) << 16),
        StoredType.U32 => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
        StoredType.I32 => BinaryPrimitives.ReadInt32LittleEndian(bytes),
        StoredType.F32 => BinaryPrimitives.ReadSingleLittleEndian(bytes),
        StoredType.U64 => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
        StoredType.I64 => BinaryPrimitives.ReadInt64LittleEndian(bytes),
        _ => (float)BinaryPrimitives.ReadDoubleLittleEndian(bytes),
    };
}
