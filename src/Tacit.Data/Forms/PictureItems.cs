using Tacit.Data.Files;
using Tacit.Data.Pictures;

namespace Tacit.Data.Forms;

/// <summary>The pictures of a data set: what is known of them, and how to get at each. Thread-safe.</summary>
internal abstract class PictureItems(ItemList list)
{
    public ItemList List { get; } = list;

    /// <summary>The item's bytes as stored.</summary>
    public abstract byte[] Read(int item);

    public abstract long Length(int item);

    /// <summary>Size and channels without decoding pixels.</summary>
    public abstract (int Width, int Height, int Channels, string Format) Identify(int item);

    public abstract Picture Decode(int item);
}

/// <summary>Pictures that are files: JPEG, PNG, BMP, PPM.</summary>
internal sealed class EncodedItems(FileSet files, FileItems items) : PictureItems(items)
{
    public override byte[] Read(int item) => files.Read(items.Entries[item]);

    public override long Length(int item) => items.Entries[item].Length;

    public override (int Width, int Height, int Channels, string Format) Identify(int item)
    {
        PictureInfo info = PictureDecoder.Identify(Read(item));
        return (info.Width, info.Height, info.Channels, info.Format.ToString());
    }

    public override Picture Decode(int item) => PictureDecoder.Decode(Read(item));
}

/// <summary>Pictures that are already there, for built-in data and tests.</summary>
internal sealed class HeldItems(ItemList list, IReadOnlyList<Picture> pictures) : PictureItems(list)
{
    public override byte[] Read(int item) => pictures[item].Pixels;

    public override long Length(int item) => pictures[item].Pixels.Length;

    public override (int Width, int Height, int Channels, string Format) Identify(int item) =>
        (pictures[item].Width, pictures[item].Height, pictures[item].Channels, "Raw");

    public override Picture Decode(int item) => pictures[item];
}

/// <summary>Some pictures of a data set, which decodes them.</summary>
internal sealed class ChosenPictures(PictureDataset whole, int[] chosen, ItemList list) : PictureItems(list)
{
    public override byte[] Read(int item) => whole.Items.Read(chosen[item]);

    public override long Length(int item) => whole.Items.Length(chosen[item]);

    public override (int Width, int Height, int Channels, string Format) Identify(int item) => whole.Items.Identify(chosen[item]);

    public override Picture Decode(int item) => whole.TryDecode(chosen[item]) ?? throw new PictureException(whole.ReasonOf(chosen[item]));
}
