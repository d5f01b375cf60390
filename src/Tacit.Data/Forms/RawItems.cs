using Tacit.Data.Pictures;

namespace Tacit.Data.Forms;

/// <summary>Pictures of one size stored pixel by pixel in a few large files: IDX and CIFAR.</summary>
/// <param name="list">Names and labels.</param>
/// <param name="width">Columns.</param>
/// <param name="height">Rows.</param>
/// <param name="channels">1 grey, 3 RGB.</param>
/// <param name="planar">Whether each channel is stored on its own (CIFAR), which is how a row is read, not how a picture is kept.</param>
/// <param name="read">Reads an item's stored pixels.</param>
internal sealed class RawItems(ItemList list, int width, int height, int channels, bool planar, RawItems.Reader read) : PictureItems(list)
{
    /// <summary>Fills the span with an item's stored pixels.</summary>
    public delegate void Reader(int item, Span<byte> pixels);

    private int Bytes => width * height * channels;

    public override byte[] Read(int item)
    {
        byte[] pixels = GC.AllocateUninitializedArray<byte>(Bytes);
        read(item, pixels);
        return pixels;
    }

    public override long Length(int item) => Bytes;

    public override (int Width, int Height, int Channels, string Format) Identify(int item) => (width, height, channels, "Raw");

    public override Picture Decode(int item)
    {
        byte[] stored = Read(item);
        return new Picture(width, height, channels, planar ? Interleave(stored) : stored);
    }

    private byte[] Interleave(byte[] planes)
    {
        byte[] pixels = GC.AllocateUninitializedArray<byte>(planes.Length);
        int plane = width * height;
        for (int i = 0; i < plane; i++)
        {
            for (int c = 0; c < channels; c++)
            {
                pixels[(i * channels) + c] = planes[(c * plane) + i];
            }
        }

        return pixels;
    }
}
