namespace Tacit.Data.Augment;

/// <summary>Writes a canvas as [H, W, 3], normalised; flips and quarter turns only change where a pixel goes.</summary>
internal static unsafe class ViewWriter
{
    /// <param name="canvas">What is written; square where turned by one or three quarters.</param>
    /// <param name="flip">Left and right change places, before any turn.</param>
    /// <param name="turns">Quarter turns, anticlockwise, as torch.rot90 over (H, W).</param>
    /// <param name="normalization">Applied to every level.</param>
    /// <param name="output">H × W × 3 numbers.</param>
    public static void Write(in Canvas canvas, bool flip, int turns, Normalization normalization, float* output)
    {
        int w = canvas.Width, h = canvas.Height;

        // Pixel (x, y) goes to pixel origin + x · stepX + y · stepY of the output.
        var (origin, stepX, stepY) = (turns & 3) switch
        {
            0 => (0, 1, w),
            1 => ((w - 1) * h, -h, 1),
            2 => ((w * h) - 1, -1, -w),
            _ => (h - 1, h, -1),
        };
        if (flip)
        {
            origin += (w - 1) * stepX;
            stepX = -stepX;
        }

        float* red = canvas.Red, green = canvas.Green, blue = canvas.Blue;
        float rf = normalization.Factor(0), gf = normalization.Factor(1), bf = normalization.Factor(2);
        float ro = normalization.Offset(0), go = normalization.Offset(1), bo = normalization.Offset(2);
        for (int x = 0, i = 0; x < w; x++)
        {
            float* to = output + (3L * (origin + (x * stepX)));
            for (int y = 0; y < h; y++, i++, to += 3L * stepY)
            {
                to[0] = (red[i] * rf) + ro;
                to[1] = (green[i] * gf) + go;
                to[2] = (blue[i] * bf) + bo;
            }
        }
    }
}
