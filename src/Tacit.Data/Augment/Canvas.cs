namespace Tacit.Data.Augment;

/// <summary>
/// A view being made: red, green and blue planes of levels 0 … 255 in float32, stored column by column (level (x, y) of
/// a plane lies at x × Height + y), which is how the resize leaves them. Memory is the caller's scratch.
/// </summary>
/// <remarks>Planes may be read and written up to 16 numbers past their end: kernels work in whole registers.</remarks>
internal readonly unsafe struct Canvas(float* memory, int width, int height)
{
    public const int Slack = 16;

    public int Width { get; } = width;

    public int Height { get; } = height;

    public int Length => Width * Height;

    /// <summary>Numbers from one plane to the next.</summary>
    public int Stride => ((Length + 15) & ~15) + Slack;

    public float* Red => memory;

    public float* Green => memory + Stride;

    public float* Blue => memory + (2 * Stride);

    public float* Plane(int channel) => memory + (channel * Stride);

    /// <summary>How much memory a canvas needs, in floats.</summary>
    public static int Floats(int width, int height) => 3 * new Canvas(null, width, height).Stride;
}
