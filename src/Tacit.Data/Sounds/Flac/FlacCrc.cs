using System.Buffers.Binary;

namespace Tacit.Data.Sounds.Flac;

/// <summary>FLAC's two checksums, highest bit first and begun with 0: of a frame's header (x⁸+x²+x+1) and of the whole frame (x¹⁶+x¹⁵+x²+1).</summary>
internal static class FlacCrc
{
    private static readonly byte[] Table8 = MakeTable8();

    /// <summary>Table k, from k × 256 on: what a byte contributes when k more bytes have come after it.</summary>
    private static readonly ushort[] Tables16 = MakeTables16();

    public static byte Crc8(ReadOnlySpan<byte> bytes)
    {
        byte crc = 0;
        foreach (byte b in bytes)
        {
            crc = Table8[crc ^ b];
        }

        return crc;
    }

    /// <remarks>Eight bytes a step, each by the table of its place: the look-ups do not wait for each other.</remarks>
    public static ushort Crc16(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<ushort> tables = Tables16.AsSpan(0, 8 * 256);
        uint crc = 0;
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            ulong word = BinaryPrimitives.ReadUInt64BigEndian(bytes) ^ ((ulong)crc << 48);
            crc = (uint)(tables[(7 * 256) + (int)(word >> 56)]
                ^ tables[(6 * 256) + (int)((word >> 48) & 255)]
                ^ tables[(5 * 256) + (int)((word >> 40) & 255)]
                ^ tables[(4 * 256) + (int)((word >> 32) & 255)]
                ^ tables[(3 * 256) + (int)((word >> 24) & 255)]
                ^ tables[(2 * 256) + (int)((word >> 16) & 255)]
                ^ tables[256 + (int)((word >> 8) & 255)]
                ^ tables[(int)(word & 255)]);
        }

        foreach (byte b in bytes)
        {
            crc = ((crc << 8) & 0xFFFF) ^ tables[(int)(crc >> 8) ^ b];
        }

        return (ushort)crc;
    }

    private static byte[] MakeTable8()
    {
        byte[] table = new byte[256];
        for (int i = 0; i < 256; i++)
        {
            int crc = i;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc << 1) ^ ((crc & 0x80) != 0 ? 0x107 : 0);
            }

            table[i] = (byte)crc;
        }

        return table;
    }

    private static ushort[] MakeTables16()
    {
        ushort[] tables = new ushort[8 * 256];
        for (int i = 0; i < 256; i++)
        {
            int crc = i << 8;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc << 1) ^ ((crc & 0x8000) != 0 ? 0x18005 : 0);
            }

            tables[i] = (ushort)crc;
        }

        for (int i = 256; i < tables.Length; i++)
        {
            int before = tables[i - 256];
            tables[i] = (ushort)((before << 8) ^ tables[before >> 8]);
        }

        return tables;
    }
}
