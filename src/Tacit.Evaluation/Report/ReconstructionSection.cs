using Tacit.Data;
using Tacit.Data.Augment;
using Tacit.Data.Loading;
using Tacit.Methods;
using Tacit.Tensors;
using Tacit.Training;

namespace Tacit.Evaluation.Report;

/// <summary>What a generative method makes of a few items.</summary>
internal static class ReconstructionSection
{
    private const int Items = 6;

    /// <exception cref="TacitException">The method makes no pictures, there is no checkpoint, or the data are of another kind.</exception>
    public static ReconstructionModel Of(RunSource run, DataSource source)
    {
        SavedMethod saved = run.Method();
        if (saved.Method is not IReconstructs painter || saved.Input is not PictureInput input)
        {
            throw new TacitException($"{saved.Name} learns without drawing what it hides.");
        }

        using var seed = Scope.Gradient(source.Seed);       // holds the seed; nothing is recorded in the scope inside
        using var scope = Scope.NoGradient();
        Batch batch = input.Batches(source.Data, Items, [.. source.Few(Items).Order()]).First();
        IReadOnlyList<ReconstructionColumn> columns = painter.Reconstruct(batch.Views);
        return new ReconstructionModel(
            [.. columns.Select(c => c.Name)],
            [.. Enumerable.Range(0, batch.Size).Select(row => new RowModel(
                source.Data.Names[batch.Items[row]], [.. columns.Select(c => DataUri.Of(c.Pictures, row, input.Normalization))]))],
            $"By the checkpoint of step {saved.Step:N0}.");
    }
}
