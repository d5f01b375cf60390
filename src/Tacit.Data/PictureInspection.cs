using Tacit.Data.Forms;
using Tacit.Data.Pictures;
using Tacit.Tensors;

namespace Tacit.Data;

/// <summary>Looks at every picture of a data set, on all threads.</summary>
internal static class PictureInspection
{
    public static PictureSummary Of(PictureDataset dataset, bool decode)
    {
        (int Width, int Height, int Channels, string Format)?[] all = LookAtAll(dataset, decode);
        int[] usable = [.. Enumerable.Range(0, dataset.Count).Where(i => all[i] is not null)];
        (int Width, int Height, int Channels, string Format)[] seen = [.. usable.Select(i => all[i]!.Value)];
        var sizes = seen.GroupBy(s => (s.Width, s.Height)).Select(g => (g.Key.Width, g.Key.Height, Count: g.Count()))
            .OrderByDescending(s => s.Count).ThenBy(s => s.Width).ThenBy(s => s.Height).ToArray();
        return new PictureSummary
        {
            Path = dataset.Path,
            Form = dataset.Form,
            Items = usable.Length,
            Classes = [.. dataset.Classes.Select((name, c) => (name, usable.Count(i => dataset.Labels![i] == c)))],
            Unlabelled = dataset.Labels is { } labels ? usable.Count(i => labels[i] < 0) : 0,
            Widths = Spread.Of([.. seen.Select(s => s.Width)]),
            Heights = Spread.Of([.. seen.Select(s => s.Height)]),
            Sizes = [.. sizes.Take(8)],
            DifferentSizes = sizes.Length,
            Formats = [.. seen.GroupBy(s => s.Format).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).Select(g => (g.Key, g.Count()))],
            Grey = seen.Count(s => s.Channels == 1),
            Bytes = usable.Sum(i => dataset.Items.Length(i)),
            Broken = dataset.Broken,
            Ignored = dataset.Ignored,
            Warnings = dataset.Warnings,
        };
    }

    private static (int Width, int Height, int Channels, string Format)?[] LookAtAll(PictureDataset dataset, bool decode)
    {
        var body = new Body { Dataset = dataset, Decode = decode, Seen = new (int, int, int, string)?[dataset.Count] };
        WorkerPool.Shared.For(dataset.Count, ref body);
        return body.Seen;
    }

    private struct Body : IBlockBody
    {
        public PictureDataset Dataset;
        public bool Decode;
        public (int Width, int Height, int Channels, string Format)?[] Seen;

        public readonly void Invoke(int block)
        {
            PictureItems items = Dataset.Items;
            Seen[block] = Dataset.Try<(int, int, int, string)?>(block, i => items.Identify(i));
            if (Decode && Seen[block] is not null && Dataset.Try<Picture>(block, items.Decode) is null)
            {
                Seen[block] = null;
            }
        }
    }
}
