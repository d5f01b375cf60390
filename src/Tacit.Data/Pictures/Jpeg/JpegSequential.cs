using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Tacit.Data.Pictures.Jpeg;

/// <summary>Scans of sequential files: each block is decoded (T.81, F.2), transformed at once, and only its samples are kept.</summary>
internal static class JpegSequential
{
    /// <summary>Decodes one scan into the components' samples and returns the position behind its data.</summary>
    /// <param name="renderer">Told after each row of units how far the picture can be rendered, where the scan has all components.</param>
    public static int DecodeScan(
        ReadOnlySpan<byte> data, int position, in JpegFrame frame, JpegScan scan, Span<byte> buffer, short[] block, ref JpegRenderer renderer)
    {
        var bits = new EntropyReader(data, position);
        bool isInterleaved = scan.Components.Length > 1;
        int unitsWide = isInterleaved ? frame.UnitsWide : scan.Components[0].BlocksWide;
        int unitsHigh = isInterleaved ? frame.UnitsHigh : scan.Components[0].BlocksHigh;
        int untilRestart = frame.RestartInterval;
        int restarts = 0;
        ResetPredictions(scan.Components);
        Array.Clear(block);    // an earlier picture may have broken off inside one
        for (int y = 0; y < unitsHigh; y++)
        {
            for (int x = 0; x < unitsWide; x++)
            {
                if (frame.RestartInterval > 0 && untilRestart-- == 0)
                {
                    bits.Restart(restarts++ & 7);
                    ResetPredictions(scan.Components);
                    untilRestart = frame.RestartInterval - 1;
                }

                foreach (JpegComponent component in scan.Components)
                {
                    int h = isInterleaved ? component.H : 1;
                    int v = isInterleaved ? component.V : 1;
                    for (int by = y * v; by < (y + 1) * v; by++)
                    {
                        for (int bx = x * h; bx < (x + 1) * h; bx++)
                        {
                            Span<byte> samples = buffer[(component.Offset + (by * 8 % component.StoredRows * component.Stride) + (bx * 8))..];
                            if (DecodeBlock(ref bits, component, block))
                            {
                                InverseDct.Transform(block, component.Quantization, samples, component.Stride);
                                Array.Clear(block);
                            }
                            else
                            {
                                InverseDct.TransformFlat(component.DcPrediction, component.Quantization[0], samples, component.Stride);
                            }
                        }
                    }
                }
            }

            bits.CheckOverrun();
            if (scan.Components.Length == frame.ComponentCount)
            {
                renderer.RenderBefore(y + 1);
            }
        }

        return bits.Position;
    }

    private static void ResetPredictions(ReadOnlySpan<JpegComponent> components)
    {
        foreach (JpegComponent component in components)
        {
            component.DcPrediction = 0;
        }
    }

    /// <summary>Decodes one block. False: it has a DC coefficient only, which is the component's prediction, and <paramref name="block"/> was left alone.</summary>
    /// <param name="block">64 zeros, which become coefficients in natural order.</param>
    private static bool DecodeBlock(ref EntropyReader reader, JpegComponent component, short[] block)
    {
        EntropyReader bits = reader;    // a copy, so that its fields can live in registers
        HuffmanTable dcTable = component.Dc!;
        bits.Need32();
        int entry = dcTable.Lookup[(int)(bits.Bits >> (64 - HuffmanTable.LookupBits))];
        if ((entry & HuffmanTable.CompleteFlag) != 0)
        {
            bits.Skip(entry & HuffmanTable.LengthMask);
            component.DcPrediction += entry >> 16;
        }
        else
        {
            int size = bits.ReadSymbol(dcTable);
            component.DcPrediction += size == 0 ? 0 : HuffmanTable.Extend(bits.Read(size), size);
        }

        // Natural has entries up to index 79 and a run ends at most at 63 + 15, so no index leaves it or the block.
        ref short coefficients = ref MemoryMarshal.GetArrayDataReference(block);
        ref byte natural = ref MemoryMarshal.GetReference(Zigzag.Natural);
        HuffmanTable acTable = component.Ac!;
        ref int lookup = ref MemoryMarshal.GetArrayDataReference(acTable.Lookup);
        int k = 1;
        bool hasAc = false;
        while (k < 64)
        {
            bits.Need32();
            entry = Unsafe.Add(ref lookup, (int)(bits.Bits >> (64 - HuffmanTable.LookupBits)));
            if ((entry & HuffmanTable.CompleteFlag) != 0)
            {
                bits.Skip(entry & HuffmanTable.LengthMask);
                k += (entry >> 12) & 15;
                Unsafe.Add(ref coefficients, Unsafe.Add(ref natural, k)) = (short)(entry >> 16);
                hasAc = true;
                k++;
                continue;
            }

            int symbol;
            if (entry != 0)
            {
                bits.Skip(entry & HuffmanTable.LengthMask);
                symbol = (entry >> 8) & 255;
            }
            else
            {
                symbol = bits.ReadLongSymbol(acTable);
            }

            int acSize = symbol & 15;
            int run = symbol >> 4;
            if (acSize == 0)
            {
                if (run != 15)
                {
                    break;
                }

                k += 16;
                continue;
            }

            k += run;
            Unsafe.Add(ref coefficients, Unsafe.Add(ref natural, k)) = (short)HuffmanTable.Extend(bits.Read(acSize), acSize);
            hasAc = true;
            k++;
        }

        if (k > 64)
        {
            throw JpegMarkers.Corrupt("a run of zeros leaves its block");
        }

        reader = bits;
        if (hasAc)
        {
            coefficients = (short)component.DcPrediction;
        }

        return hasAc;
    }
}
