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
    private const int Pictures = 6, Recordings = 3, MostFrames = 300;

    /// <exception cref="TacitException">The method draws nothing, there is no checkpoint, or the data are of another kind.</exception>
    public static ReconstructionModel Of(RunSource run, DataSource source)
    {
        SavedMethod saved = run.Method();
        using var seed = Scope.Gradient(source.Seed);       // holds the seed; nothing is recorded in the scope inside
        using var scope = Scope.NoGradient();
        return (saved.Method, saved.Input) switch
        {
            (IReconstructs painter, PictureInput input) => Painted(painter, input, saved, source),
            (IPredictsFrames teller, SoundInput { Form: SoundForm.Frames } input) => Told(teller, input, saved, source),
            _ => throw new TacitException($"{saved.Name} learns without drawing what it hides."),
        };
    }

    private static ReconstructionModel Painted(IReconstructs painter, PictureInput input, SavedMethod saved, DataSource source)
    {
        Batch batch = input.Batches(source.Data, Pictures, [.. source.Few(Pictures).Order()]).First();
        IReadOnlyList<ReconstructionColumn> columns = painter.Reconstruct(batch.Views);
        return new ReconstructionModel(
            [.. columns.Select(c => c.Name)],
            [.. Enumerable.Range(0, batch.Size).Select(row => new RowModel(
                source.Data.Names[batch.Items[row]], [.. columns.Select(c => DataUri.Of(c.Pictures, row, input.Normalization))]))],
            $"By the checkpoint of step {saved.Step:N0}.");
    }

    private static ReconstructionModel Told(IPredictsFrames teller, SoundInput input, SavedMethod saved, DataSource source)
    {
        Batch batch = input.Batches(source.Data, Recordings, [.. source.Few(Recordings).Order()]).First();
        IReadOnlyList<FrameColumn> columns = teller.Predict(batch.Views, batch.Lengths!);
        return new ReconstructionModel(
            [.. columns.Select(c => c.Name)],
            [.. Enumerable.Range(0, batch.Size).Select(row => new RowModel(source.Data.Names[batch.Items[row]], Spectra(columns, row, Math.Min(MostFrames, batch.Lengths![row]), input)))],
            $"By the checkpoint of step {saved.Step:N0}; the first {MostFrames / 100} seconds, {input.Mels} mel bins, all columns of a row by one scale of colours.");
    }

    private static string[] Spectra(IReadOnlyList<FrameColumn> columns, int row, int length, SoundInput input)
    {
        float[][] frames = [.. columns.Select(c => c.Frames.Rows(row, 1).Span[..(length * input.Width)].ToArray())];
        (float low, float high) = DataUri.Levels(frames[0], input.Width, input.Mels);
        return [.. frames.Select(f => DataUri.Spectrum(f, input.Width, input.Mels, low, high))];
    }
}
