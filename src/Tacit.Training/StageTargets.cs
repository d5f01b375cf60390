using Tacit.Data.Loading;
using Tacit.Methods;
using Tacit.Tensors;

namespace Tacit.Training;

/// <summary>What a pass over the data found: a few numbers for each item, or one for each frame of each recording.</summary>
/// <remarks>
/// On disk: <c>round-000.npy</c>, [items, targets]; of frames all items' one after the other, with how many each has in
/// <c>round-000.counts.npy</c>.
/// </remarks>
internal sealed class StageTargets
{
    private readonly int[] values;
    private readonly int[]? firsts;     // [items + 1], where each item's frames begin; null where every item has as many targets
    private readonly int items, samplesPerTarget;

    private StageTargets(int[] values, int[]? firsts, int items, int samplesPerTarget) =>
        (this.values, this.firsts, this.items, this.samplesPerTarget) = (values, firsts, items, samplesPerTarget);

    public static StageTargets OfItems(int[] values, int items) => new(values, null, items, 0);

    public static StageTargets OfFrames(int[][] values, int samplesPerTarget)
    {
        int first = 0;
        return new StageTargets([.. values.SelectMany(v => v)], [0, .. values.Select(v => first += v.Length)], values.Length, samplesPerTarget);
    }

    /// <exception cref="TacitException">They are not there.</exception>
    public static StageTargets Read(string path, Stage stage, int items)
    {
        if (!File.Exists(path) || (stage.SamplesPerTarget > 0 && !File.Exists(CountsPath(path))))
        {
            throw new TacitException($"The targets that the run went on with are missing: there is no '{path}'. Without it the run cannot be resumed exactly; begin another with --out.");
        }

        int[] found = Whole(path);
        if (stage.SamplesPerTarget == 0)
        {
            return OfItems(found, items);
        }

        int first = 0;
        return new StageTargets(found, [0, .. Whole(CountsPath(path)).Select(count => first += count)], items, stage.SamplesPerTarget);
    }

    public static void Delete(string path)
    {
        try
        {
            File.Delete(path);
            File.Delete(CountsPath(path));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Somebody reads it: one file more than needed harms nothing.
        }
    }

    /// <exception cref="TacitException">They cannot be written.</exception>
    public void Write(string path)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new TacitException($"The folder of '{path}' cannot be made: {error.Message.TrimEnd('.')}.", error);
        }

        if (firsts is not null)
        {
            Npy.Write(CountsPath(path), Enumerable.Range(0, items).Select(i => (long)firsts[i + 1] - firsts[i]).ToArray(), new Shape(items));
        }

        Npy.Write(path, Array.ConvertAll(values, value => (long)value), firsts is null ? new Shape(items, values.Length / items) : new Shape(values.Length));
    }

    /// <summary>The batch with its items' targets.</summary>
    public Batch Into(Batch batch)
    {
        if (firsts is null)
        {
            int each = values.Length / items;
            return batch with { Targets = [.. batch.Items.SelectMany(item => values[(item * each)..((item + 1) * each)])] };
        }

        var frames = new int[batch.Size * batch.ViewCount][];
        for (int row = 0; row < frames.Length; row++)
        {
            int item = batch.Items[row % batch.Size], from = Math.Min(firsts[item + 1], firsts[item] + (batch.Starts![row] / samplesPerTarget));
            frames[row] = values[from..firsts[item + 1]];
        }

        return batch with { FrameTargets = frames };
    }

    private static string CountsPath(string path) => Path.ChangeExtension(path, ".counts.npy");

    private static int[] Whole(string path) => Array.ConvertAll(Npy.Read(path).ToArray(), value => (int)value);
}
