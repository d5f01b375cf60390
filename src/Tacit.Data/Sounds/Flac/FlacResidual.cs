namespace Tacit.Data.Sounds.Flac;

/// <summary>What the prediction missed: partitions of Rice codes, each with its parameter, or of plain numbers.</summary>
/// <remarks>RFC 9639, section 9.2.7.</remarks>
internal static class FlacResidual
{
    /// <summary>Reads the residuals of all samples but the first <paramref name="order"/>, in their places.</summary>
    public static void Read(ref FlacBits reader, Span<int> samples, int order)
    {
        int method = (int)reader.Read(2);
        if (method > 1)
        {
            throw FlacMetadata.Corrupt("its residuals are coded in a reserved way");
        }

        int parameterBits = method == 0 ? 4 : 5;
        int escape = (1 << parameterBits) - 1;
        int partitionOrder = (int)reader.Read(4);
        int size = samples.Length >> partitionOrder;
        if (size == 0 || size << partitionOrder != samples.Length || size < order)
        {
            throw FlacMetadata.Corrupt("a block cannot be cut into the partitions it claims");
        }

        int begin = order;
        for (int end = size; end <= samples.Length; end += size)
        {
            Span<int> partition = samples[begin..end];
            int parameter = (int)reader.Read(parameterBits);
            if (parameter != escape)
            {
                reader.ReadRice(partition, parameter);
            }
            else
            {
                int bits = (int)reader.Read(5);
                for (int i = 0; i < partition.Length; i++)
                {
                    partition[i] = (int)reader.ReadSigned(bits);
                }
            }

            begin = end;
        }
    }
}
