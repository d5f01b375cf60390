using System.Runtime.InteropServices;

namespace Tacit.Data.Pictures.Jpeg;

/// <summary>Scans of progressive files (T.81, G.2), which fill in a stored array of coefficients band by band and bit by bit.</summary>
internal static class JpegProgressive
{
    /// <summary>Decodes one scan into the components' coefficients and returns the position behind its data.</summary>
    public static int DecodeScan(ReadOnlySpan<byte> data, int position, in JpegFrame frame, JpegScan scan, Span<byte> buffer)
    {
        var bits = new EntropyReader(data, position);
        bool isInterleaved = scan.Components.Length > 1;
        int unitsWide = isInterleaved ? frame.UnitsWide : scan.Components[0].BlocksWide;
        int unitsHigh = isInterleaved ? frame.UnitsHigh : scan.Components[0].BlocksHigh;
        int untilRestart = frame.RestartInterval;
        int restarts = 0;
        int endOfBandRun = 0;
        ResetPredictions(scan.Components);
        for (int y = 0; y < unitsHigh; y++)
        {
            for (int x = 0; x < unitsWide; x++)
            {
                if (frame.RestartInterval > 0 && untilRestart-- == 0)
                {
                    bits.Restart(restarts++ & 7);
                    ResetPredictions(scan.Components);
                    endOfBandRun = 0;
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
                            int block = (by * component.PaddedBlocksWide) + bx;
                            Span<short> coefficients = MemoryMarshal.Cast<byte, short>(buffer.Slice(component.Offset + (block * 128), 128));
                            switch (scan)
                            {
                                case { First: 0, High: 0 }:
                                    DcFirst(ref bits, component, coefficients, scan.Low);
                                    break;
                                case { First: 0 }:
                                    coefficients[0] |= (short)(bits.Read(1) << scan.Low);
                                    break;
                                case { High: 0 }:
                                    AcFirst(ref bits, component.Ac!, coefficients, scan, ref endOfBandRun);
                                    break;
                                default:
                                    AcRefine(ref bits, component.Ac!, coefficients, scan, ref endOfBandRun);
                                    break;
                            }
                        }
                    }
                }
            }

            bits.CheckOverrun();
        }

        return bits.Position;
    }

    /// <summary>Dequantises and transforms all blocks; a component's samples take the place of its coefficients.</summary>
    /// <remarks>
    /// A row of blocks gives half as many bytes of samples as it has of coefficients, so a row's samples, put together in a
    /// strip and then copied, never reach coefficients that are still needed.
    /// </remarks>
    public static void Reconstruct(ReadOnlySpan<JpegComponent> components, Span<byte> buffer, JpegScratch scratch)
    {
        foreach (JpegComponent component in components)
        {
            int stripBytes = component.Stride * 8;
            Span<byte> strip = scratch.Rows(stripBytes).AsSpan(0, stripBytes);
            for (int by = 0; by < component.BlocksHigh; by++)
            {
                ReadOnlySpan<short> row = MemoryMarshal.Cast<byte, short>(buffer.Slice(component.Offset + (by * stripBytes * 2), stripBytes * 2));
                for (int bx = 0; bx < component.BlocksWide; bx++)
                {
                    InverseDct.Transform(row.Slice(bx * 64, 64), component.Quantization, strip[(bx * 8)..], component.Stride);
                }

                strip.CopyTo(buffer[(component.Offset + (by * stripBytes))..]);
            }
        }
    }

    private static void ResetPredictions(ReadOnlySpan<JpegComponent> components)
    {
        foreach (JpegComponent component in components)
        {
            component.DcPrediction = 0;
        }
    }

    private static void DcFirst(ref EntropyReader bits, JpegComponent component, Span<short> block, int low)
    {
        int size = bits.ReadSymbol(component.Dc!);
        component.DcPrediction += size == 0 ? 0 : HuffmanTable.Extend(bits.Read(size), size);
        block[0] = (short)(component.DcPrediction << low);
    }

    private static void AcFirst(ref EntropyReader bits, HuffmanTable table, Span<short> block, JpegScan scan, ref int endOfBandRun)
    {
        if (endOfBandRun > 0)
        {
            endOfBandRun--;
            return;
        }

        for (int k = scan.First; k <= scan.Last; k++)
        {
            int symbol = bits.ReadSymbol(table);
            int run = symbol >> 4;
            int size = symbol & 15;
            if (size == 0 && run < 15)
            {
                // This band and the next 2^run − 1 + bits are empty from here on.
                endOfBandRun = (1 << run) - 1 + (run == 0 ? 0 : bits.Read(run));
                return;
            }

            k += run;
            if (size == 0)
            {
                continue;
            }

            if (k > scan.Last)
            {
                throw JpegMarkers.Corrupt("a run of zeros leaves its band");
            }

            block[Zigzag.Natural[k]] = (short)(HuffmanTable.Extend(bits.Read(size), size) << scan.Low);
        }
    }

    /// <summary>One more bit for the coefficients that are already known, and those that become ±1 at this bit (T.81, figure G.7).</summary>
    private static void AcRefine(ref EntropyReader bits, HuffmanTable table, Span<short> block, JpegScan scan, ref int endOfBandRun)
    {
        int bit = 1 << scan.Low;
        int k = scan.First;
        while (endOfBandRun == 0 && k <= scan.Last)
        {
            int symbol = bits.ReadSymbol(table);
            int zeros = symbol >> 4;
            int newcomer = 0;
            if ((symbol & 15) != 0)
            {
                newcomer = bits.Read(1) != 0 ? bit : -bit;
            }
            else if (zeros < 15)
            {
                // The rest of this block counts as one of the run; it still has bits for its known coefficients.
                endOfBandRun = (1 << zeros) + (zeros == 0 ? 0 : bits.Read(zeros));
                break;
            }

            // Past `zeros` coefficients that stay zero, giving those in between that are known their bit.
            for (; k <= scan.Last; k++)
            {
                ref short coefficient = ref block[Zigzag.Natural[k]];
                if (coefficient != 0)
                {
                    Refine(ref bits, ref coefficient, bit);
                }
                else if (zeros-- == 0)
                {
                    coefficient = (short)newcomer;
                    k++;
                    break;
                }
            }
        }

        if (endOfBandRun > 0)
        {
            // Most blocks of a run hold nothing yet: one look over all coefficients is faster than one at each.
            for (k = block[1..].ContainsAnyExcept((short)0) ? k : 64; k <= scan.Last; k++)
            {
                ref short coefficient = ref block[Zigzag.Natural[k]];
                if (coefficient != 0)
                {
                    Refine(ref bits, ref coefficient, bit);
                }
            }

            endOfBandRun--;
        }
    }

    private static void Refine(ref EntropyReader bits, ref short coefficient, int bit)
    {
        if (bits.Read(1) != 0 && (coefficient & bit) == 0)
        {
            coefficient += (short)(coefficient > 0 ? bit : -bit);
        }
    }
}
