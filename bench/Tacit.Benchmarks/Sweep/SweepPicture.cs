using System.Globalization;
using System.Xml.Linq;

namespace Tacit.Benchmarks;

/// <summary>The sweep as a picture: a row for each size, a dot for each direction, from nothing to all that the size allows.</summary>
internal static class SweepPicture
{
    private const int Left = 330, Width = 560, Row = 19, Top = 64;

    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private static readonly (Direction Direction, string Name, string Colour)[] Dots =
    [
        (Direction.Forward, "forward", "#2166ac"),
        (Direction.InputGradient, "input gradient", "#1b9e77"),
        (Direction.WeightGradient, "weight gradient", "#d95f02"),
        (Direction.Backward, "backward", "#7570b3"),
    ];

    public static void Write(string path, string caption, IReadOnlyList<Reached> all)
    {
        var parts = new List<object>();
        int y = Top;
        parts.Add(Text(12, 24, caption, 15, "start", bold: true));
        int at = 12;
        foreach ((_, string name, string colour) in Dots)
        {
            parts.Add(Dot(at + 5, 42, colour));
            parts.Add(Text(at + 16, 46, name, 12, "start"));
            at += 32 + (7 * name.Length);
        }

        parts.Add(Text(at + 8, 46, "hollow: bounded by memory", 12, "start"));
        foreach (IGrouping<string, Reached> group in all.GroupBy(r => r.Case.Group))
        {
            foreach (IGrouping<string, Reached> size in group.GroupBy(r => r.Case.Name))
            {
                parts.Add(Line(Left, y + (Row / 2), Left + Width, y + (Row / 2), "#dddddd"));
                parts.Add(Text(Left - 10, y + (Row / 2) + 4, size.Key, 11.5, "end"));
                parts.AddRange(size.Select(r => Dot(
                    Left + (int)(Math.Min(r.Share, 1.05) * Width), y + (Row / 2), Dots.Single(d => d.Direction == r.Case.Direction).Colour, r.ByMemory)));
                y += Row;
            }

            y += Row / 2;
        }

        foreach (int percent in (int[])[0, 25, 50, 70, 85, 100])
        {
            int x = Left + (percent * Width / 100);
            parts.Insert(0, Line(x, Top - 6, x, y, percent is 70 or 85 ? "#999999" : "#eeeeee"));
            parts.Add(Text(x, y + 14, $"{percent} %", 11, "middle"));
        }

        var root = new XElement(
            Svg + "svg",
            new XAttribute("viewBox", $"0 0 {Left + Width + 60} {y + 26}"),
            new XAttribute("font-family", "sans-serif"),
            new XElement(Svg + "rect", new XAttribute("width", "100%"), new XAttribute("height", "100%"), new XAttribute("fill", "white")),
            parts);
        root.Save(path);
    }

    private static XElement Text(double x, double y, string text, double size, string anchor, bool bold = false) => new(
        Svg + "text",
        new XAttribute("x", x),
        new XAttribute("y", y),
        new XAttribute("font-size", size.ToString(CultureInfo.InvariantCulture)),
        new XAttribute("text-anchor", anchor),
        bold ? new XAttribute("font-weight", "bold") : null,
        text);

    private static XElement Dot(int x, int y, string colour, bool hollow = false) => new(
        Svg + "circle",
        new XAttribute("cx", x),
        new XAttribute("cy", y),
        new XAttribute("r", 5),
        new XAttribute("stroke", colour),
        new XAttribute("stroke-width", 2),
        new XAttribute("fill", hollow ? "white" : colour),
        new XAttribute("fill-opacity", hollow ? "1" : "0.75"));

    private static XElement Line(int x1, int y1, int x2, int y2, string colour) => new(
        Svg + "line",
        new XAttribute("x1", x1),
        new XAttribute("y1", y1),
        new XAttribute("x2", x2),
        new XAttribute("y2", y2),
        new XAttribute("stroke", colour));
}
