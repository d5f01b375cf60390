using Tacit.Data.Augment;
using Tacit.Tensors;

namespace Tacit.Data.Pictures;

/// <summary>Many small pictures on one large one: a row for each item, a column for each kind.</summary>
public static class ContactSheet
{
    /// <summary>Small pictures are enlarged by a whole factor to about this many pixels.</summary>
    private const int CellSide = 128;

    private const int Gap = 8;
    private const byte Paper = 255;

    /// <summary>Draws the sheet: white gaps between and around, every pixel of a picture a square of pixels, nothing interpolated.</summary>
    /// <param name="columns">Each [N, H, W, 3], normalised; all of one shape.</param>
    /// <param name="normalization">What they were normalised by.</param>
    /// <exception cref="ShapeException">Not pictures, or of different shapes.</exception>
    /// <exception cref="TacitException">There is nothing to draw.</exception>
    public static Picture Draw(IReadOnlyList<Tensor> columns, Normalization normalization)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(normalization);
        if (columns.Count == 0 || columns[0].Length == 0)
        {
            throw new TacitException("There are no pictures to draw on a sheet.");
        }

        Shape shape = columns[0].Shape;
        foreach (Tensor column in columns)
        {
            if (column.Rank != 4 || column.Shape[3] != 3 || column.Shape != shape)
            {
                throw ShapeException.Mismatch("ContactSheet", shape, column.Shape, "all columns are pictures [N, H, W, 3] of one shape");
            }
        }

        int rows = shape[0], height = shape[1], width = shape[2];
        int scale = Math.Max(1, CellSide / Math.Max(height, width));
        int sheetWidth = checked((columns.Count * ((width * scale) + Gap)) + Gap), sheetHeight = checked((rows * ((height * scale) + Gap)) + Gap);
        byte[] pixels = new byte[checked(sheetWidth * sheetHeight * 3)];
        Array.Fill(pixels, Paper);
        for (int column = 0; column < columns.Count; column++)
        {
            int left = Gap + (column * ((width * scale) + Gap));
            for (int row = 0; row < rows; row++)
            {
                int top = Gap + (row * ((height * scale) + Gap));
                ReadOnlySpan<float> picture = columns[column].Rows(row, 1).Span;
                for (int y = 0; y < height * scale; y++)
                {
                    Span<byte> line = pixels.AsSpan((((top + y) * sheetWidth) + left) * 3, width * scale * 3);
                    for (int i = 0; i < line.Length; i++)
                    {
                        int channel = i % 3;
                        line[i] = normalization.Level(picture[(((y / scale * width) + (i / 3 / scale)) * 3) + channel], channel);
                    }
                }
            }
        }

        return new Picture(sheetWidth, sheetHeight, 3, pixels);
    }
}
