using System.Numerics;

namespace Tacit.Data.Pictures.Png;

/// <summary>Undoes the prediction of a PNG row (W3C PNG specification, clause 9), in place.</summary>
internal static class PngFilter
{
    /// <param name="kind">The row's filter byte.</param>
    /// <param name="row">The row as stored; becomes the row itself.</param>
    /// <param name="above">The row above, of the same length; zeros for the first.</param>
    /// <param name="step">Bytes from a sample to the same one of the next pixel, at least 1.</param>
    public static void Undo(int kind, Span<byte> row, ReadOnlySpan<byte> above, int step)
    {
        above = above[..row.Length];
        switch (kind)
        {
            case 0:
                break;
            case 1:
                for (int i = step; i < row.Length; i++)
                {
                    row[i] += row[i - step];
                }

                break;
            case 2:
                UndoUp(row, above);
                break;
            case 3:
                for (int i = 0; i < row.Length; i++)
                {
                    int left = i < step ? 0 : row[i - step];
                    row[i] += (byte)((left + above[i]) >> 1);
                }

                break;
            case 4:
                UndoPaeth(row, above, step);
                break;
            default:
                throw PngChunks.Corrupt($"a row has the unknown filter {kind}");
        }
    }

    private static void UndoUp(Span<byte> row, ReadOnlySpan<byte> above)
    {
        int i = 0;
        for (; i <= row.Length - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            (new Vector<byte>(row[i..]) + new Vector<byte>(above[i..])).CopyTo(row[i..]);
        }

        for (; i < row.Length; i++)
        {
            row[i] += above[i];
        }
    }

    private static void UndoPaeth(Span<byte> row, ReadOnlySpan<byte> above, int step)
    {
        for (int i = 0; i < Math.Min(step, row.Length); i++)
        {
            row[i] += above[i];
        }

        for (int i = step; i < row.Length; i++)
        {
            int left = row[i - step];
            int up = above[i];
            int corner = above[i - step];

            // The distances of left, up and corner from left + up − corner.
            int toLeft = Math.Abs(up - corner);
            int toUp = Math.Abs(left - corner);
            int toCorner = Math.Abs(left + up - corner - corner);
            int nearest = toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner;
            row[i] += (byte)nearest;
        }
    }
}
