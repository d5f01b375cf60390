namespace Tacit.Methods;

/// <summary>CIE L*a*b* of sRGB levels and back: lightness apart from colour, distances about as seen.</summary>
/// <remarks>IEC 61966-2-1 (sRGB), CIE 15 with the white of D65.</remarks>
public static class LabColour
{
    private const double WhiteX = 0.95047, WhiteZ = 1.08883;
    private const double Bend = 6.0 / 29;

    /// <param name="r">Red, 0 … 1; likewise <paramref name="g"/> and <paramref name="b"/>.</param>
    /// <returns>L 0 … 100, a and b about −110 … 110.</returns>
    public static (float L, float A, float B) FromRgb(float r, float g, float b)
    {
        double red = Linear(r), green = Linear(g), blue = Linear(b);
        double x = Root(((0.4124564 * red) + (0.3575761 * green) + (0.1804375 * blue)) / WhiteX);
        double y = Root((0.2126729 * red) + (0.7151522 * green) + (0.0721750 * blue));
        double z = Root(((0.0193339 * red) + (0.1191920 * green) + (0.9503041 * blue)) / WhiteZ);
        return ((float)((116 * y) - 16), (float)(500 * (x - y)), (float)(200 * (y - z)));
    }

    /// <returns>Levels 0 … 1; colours that sRGB does not have are clipped.</returns>
    public static (float R, float G, float B) ToRgb(float l, float a, float b)
    {
        double y = (l + 16) / 116;
        double x = WhiteX * Cube(y + (a / 500)), z = WhiteZ * Cube(y - (b / 200));
        y = Cube(y);
        return (
            Level((3.2404542 * x) - (1.5371385 * y) - (0.4985314 * z)),
            Level((-0.9692660 * x) + (1.8760108 * y) + (0.0415560 * z)),
            Level((0.0556434 * x) - (0.2040259 * y) + (1.0572252 * z)));
    }

    private static double Linear(double level)
    {
        level = Math.Clamp(level, 0, 1);
        return level <= 0.04045 ? level / 12.92 : Math.Pow((level + 0.055) / 1.055, 2.4);
    }

    private static float Level(double linear)
    {
        linear = Math.Clamp(linear, 0, 1);
        return (float)(linear <= 0.0031308 ? 12.92 * linear : (1.055 * Math.Pow(linear, 1 / 2.4)) - 0.055);
    }

    private static double Root(double t) => t > Bend * Bend * Bend ? Math.Cbrt(t) : (t / (3 * Bend * Bend)) + (4.0 / 29);

    private static double Cube(double t) => t > Bend ? t * t * t : 3 * Bend * Bend * (t - (4.0 / 29));
}
