using Tacit.Data;
using Tacit.Data.Augment;
using Tacit.Data.Loading;
using Tacit.Data.Pictures;
using Tacit.Data.Pictures.Png;
using Tacit.Evaluation;
using Tacit.Tensors;

namespace Tacit.Cli;

/// <summary>Queries and what was found, as pictures: a row a query, which comes first.</summary>
internal static class NeighboursSheet
{
    private const int MostSide = 128;
    private const int MostRows = 64;

    /// <exception cref="ConfigurationException">There are no pictures to draw.</exception>
    public static void Write(string path, Search search, IReadOnlyList<Found> found)
    {
        if (search.Items.Data is not PictureDataset pictures || search.Queries.Data is not PictureDataset queries)
        {
            throw new ConfigurationException($"--sheet {path}: {(search.Items.Data is null ? "the data are features alone; give the pictures themselves as --data" : "only pictures can be drawn")}.");
        }

        int side = Math.Min(MostSide, pictures.TypicalSide());
        IReadOnlyList<Found> drawn = [.. found.Take(MostRows)];
        int columns = drawn.Min(f => f.Rows.Length);
        Tensor[] sheet =
        [
            Pictures(queries, side, [.. drawn.Select(f => search.Queries.Numbers[f.Query])]),
            .. Enumerable.Range(0, columns).Select(k => Pictures(pictures, side, [.. drawn.Select(f => search.Items.Numbers[f.Rows[k]])])),
        ];
        byte[] png = PngEncoder.Encode(ContactSheet.Draw(sheet, Normalization.None));
        AtomicFile.Write(path, file => file.Write(png));
    }

    private static Tensor Pictures(PictureDataset data, int side, int[] items) =>
        EvaluationBatches.Of(data, side, Normalization.None, items.Length, items).First().Views.ToLasting();
}
