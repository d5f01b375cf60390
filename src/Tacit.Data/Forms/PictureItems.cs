using Tacit.Data.Files;
using Tacit.Data.Pictures;

namespace Tacit.Data.Forms;

/// <summary>The pictures that one form of data set holds: names, labels, and how to get at each. Thread-safe.</summary>
internal abstract class PictureItems
{
    /// <summary>What was recognised, as <c>data info</c> prints it.</summary>
    public required string Form { get; init; }

    /// <summary>One name per item.</summary>
    public required string[] Names { get; init; }

    /// <summary>One class number per item, -1 where it has none; null where no item has one.</summary>
    public int[]? Labels { get; init; }

    /// <summary>The classes' names by number.</summary>
    public string[] Classes { get; init; } = [];

    /// <summary>What the form itself found unusable.</summary>
    public List<BrokenItem> Broken { get; init; } = [];

    public List<string> Warnings { get; init; } = [];

    /// <summary>Files that are neither pictures nor known company of pictures.</summary>
    public int Ignored { get; init; }

    /// <summary>The item's bytes as stored.</summary>
    public abstract byte[] Read(int item);

    public abstract long Length(int item);

    /// <summary>Size and channels without decoding pixels.</summary>
    public abstract (int Width, int Height, int Channels, string Format) Identify(int item);

    public abstract Picture Decode(int item);
}

/// <summary>Pictures that are files: JPEG, PNG, BMP, PPM.</summary>
internal sealed class EncodedItems(FileSet files, FileEntry[] entries) : PictureItems
{
    public override byte[] Read(int item) => files.Read(entries[item]);

    public override long Length(int item) => entries[item].Length;

    public override (int Width, int Height, int Channels, string Format) Identify(int item)
    {
        PictureInfo info = PictureDecoder.Identify(Read(item));
        return (info.Width, info.Height, info.Channels, info.Format.ToString());
    }

    public override Picture Decode(int item) => PictureDecoder.Decode(Read(item));
}

/// <summary>Pictures that are already there, for built-in data and tests.</summary>
internal sealed class HeldItems(IReadOnlyList<Picture> pictures) : PictureItems
{
    public override byte[] Read(int item) => pictures[item].Pixels;

    public override long Length(int item) => pictures[item].Pixels.Length;

    public override (int Width, int Height, int Channels, string Format) Identify(int item) =>
        (pictures[item].Width, pictures[item].Height, pictures[item].Channels, "Raw");

    public override Picture Decode(int item) => pictures[item];
}
