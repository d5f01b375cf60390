using System.Buffers.Binary;
using System.Numerics;

namespace Tacit.Data.Sounds.Flac;

/// <summary>The MD5 sum that FLAC keeps of its samples: against damage, not against people.</summary>
/// <remarks>RFC 1321. The framework's needs a native library on some systems; nothing here does.</remarks>
internal sealed class Md5
{
    private const int BlockBytes = 64;
    private static readonly uint[] Sines = [.. Enumerable.Range(1, 64).Select(i => (uint)Math.Floor(Math.Abs(Math.Sin(i)) * 4294967296.0))];
    private readonly uint[] state = [0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476];
    private readonly byte[] rest = new byte[BlockBytes];
    private int restBytes;
    private long length;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        length += bytes.Length;
        if (restBytes > 0)
        {
            int taken = Math.Min(BlockBytes - restBytes, bytes.Length);
            bytes[..taken].CopyTo(rest.AsSpan(restBytes));
            bytes = bytes[taken..];
            restBytes += taken;
            if (restBytes < BlockBytes)
            {
                return;
            }

            Mix(rest);
            restBytes = 0;
        }

        for (; bytes.Length >= BlockBytes; bytes = bytes[BlockBytes..])
        {
            Mix(bytes);
        }

        bytes.CopyTo(rest);
        restBytes = bytes.Length;
    }

    /// <summary>The sum of all that was appended; afterwards nothing more can be.</summary>
    public byte[] Finish()
    {
        long bits = length * 8;
        Append([0x80]);
        while (restBytes != BlockBytes - 8)
        {
            Append([0]);
        }

        Span<byte> size = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(size, bits);
        Append(size);
        byte[] sum = new byte[16];
        for (int i = 0; i < 4; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(sum.AsSpan(i * 4), state[i]);
        }

        return sum;
    }

    private void Mix(ReadOnlySpan<byte> block)
    {
        (uint a, uint b, uint c, uint d) = (state[0], state[1], state[2], state[3]);
        Span<uint> x = stackalloc uint[16];
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = BinaryPrimitives.ReadUInt32LittleEndian(block[(i * 4)..]);
        }

        ReadOnlySpan<uint> t = Sines.AsSpan(0, 64);
        for (int i = 0; i < 16; i += 4)
        {
            a = b + BitOperations.RotateLeft(a + (d ^ (b & (c ^ d))) + x[i] + t[i], 7);
            d = a + BitOperations.RotateLeft(d + (c ^ (a & (b ^ c))) + x[i + 1] + t[i + 1], 12);
            c = d + BitOperations.RotateLeft(c + (b ^ (d & (a ^ b))) + x[i + 2] + t[i + 2], 17);
            b = c + BitOperations.RotateLeft(b + (a ^ (c & (d ^ a))) + x[i + 3] + t[i + 3], 22);
        }

        for (int i = 16; i < 32; i += 4)
        {
            int k = 5 * i;
            a = b + BitOperations.RotateLeft(a + (c ^ (d & (b ^ c))) + x[(k + 1) & 15] + t[i], 5);
            d = a + BitOperations.RotateLeft(d + (b ^ (c & (a ^ b))) + x[(k + 6) & 15] + t[i + 1], 9);
            c = d + BitOperations.RotateLeft(c + (a ^ (b & (d ^ a))) + x[(k + 11) & 15] + t[i + 2], 14);
            b = c + BitOperations.RotateLeft(b + (d ^ (a & (c ^ d))) + x[(k + 16) & 15] + t[i + 3], 20);
        }

        for (int i = 32; i < 48; i += 4)
        {
            int k = 3 * i;
            a = b + BitOperations.RotateLeft(a + (b ^ c ^ d) + x[(k + 5) & 15] + t[i], 4);
            d = a + BitOperations.RotateLeft(d + (a ^ b ^ c) + x[(k + 8) & 15] + t[i + 1], 11);
            c = d + BitOperations.RotateLeft(c + (d ^ a ^ b) + x[(k + 11) & 15] + t[i + 2], 16);
            b = c + BitOperations.RotateLeft(b + (c ^ d ^ a) + x[(k + 14) & 15] + t[i + 3], 23);
        }

        for (int i = 48; i < 64; i += 4)
        {
            int k = 7 * i;
            a = b + BitOperations.RotateLeft(a + (c ^ (b | ~d)) + x[k & 15] + t[i], 6);
            d = a + BitOperations.RotateLeft(d + (b ^ (a | ~c)) + x[(k + 7) & 15] + t[i + 1], 10);
            c = d + BitOperations.RotateLeft(c + (a ^ (d | ~b)) + x[(k + 14) & 15] + t[i + 2], 15);
            b = c + BitOperations.RotateLeft(b + (d ^ (c | ~a)) + x[(k + 21) & 15] + t[i + 3], 21);
        }

        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
    }
}
