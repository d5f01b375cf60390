namespace Tacit.Data;

/// <summary>The least, the middle and the most of some number of pixels.</summary>
public readonly record struct Spread(int Min, int Median, int Max)
{
    /// <summary>The spread of some numbers; of an even count the lower middle. Zeros for none.</summary>
    internal static Spread Of(int[] values)
    {
        if (values.Length == 0)
        {
            return default;
        }

        int[] sorted = [.. values.Order()];
        return new Spread(sorted[0], sorted[(sorted.Length - 1) / 2], sorted[^1]);
    }
}

/// <summary>What is in a data set: what <c>tacit data info</c> prints.</summary>
public sealed record PictureSummary
{
    /// <summary>What was given as data.</summary>
    public required string Path { get; init; }

    /// <summary>The form that was recognised: "class folders", "IDX" …</summary>
    public required string Form { get; init; }

    /// <summary>Items that can be used.</summary>
    public required int Items { get; init; }

    /// <summary>Each class's name and how many usable items it has; empty where nothing is labelled.</summary>
    public required IReadOnlyList<(string Name, int Count)> Classes { get; init; }

    /// <summary>Usable items without a label, in a data set that has labels.</summary>
    public required int Unlabelled { get; init; }

    /// <summary>Widths of the usable pictures in pixels.</summary>
    public required Spread Widths { get; init; }

    public required Spread Heights { get; init; }

    /// <summary>The most common sizes, the most common first: at most eight.</summary>
    public required IReadOnlyList<(int Width, int Height, int Count)> Sizes { get; init; }

    /// <summary>How many different sizes there are.</summary>
    public required int DifferentSizes { get; init; }

    /// <summary>Kinds of file ("Jpeg", "Png" …, "Raw" for IDX and CIFAR) and how many there are of each.</summary>
    public required IReadOnlyList<(string Format, int Count)> Formats { get; init; }

    /// <summary>Usable pictures with one channel.</summary>
    public required int Grey { get; init; }

    /// <summary>Bytes of the usable pictures as they are stored.</summary>
    public required long Bytes { get; init; }

    /// <summary>What cannot be used, and why, by name.</summary>
    public required IReadOnlyList<BrokenItem> Broken { get; init; }

    /// <summary>Files that are neither pictures nor licences and readmes.</summary>
    public required int Ignored { get; init; }

    /// <summary>What is odd about the data set as a whole.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}
