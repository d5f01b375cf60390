using Tacit.Data;
using Tacit.Data.Augment;
using Tacit.Data.Loading;
using Tacit.Methods;
using Tacit.Models;
using Tacit.Tensors;
using Tacit.Training;

namespace Tacit.Evaluation.Report;

/// <summary>What the method sees of a few items: views by the run's own plan.</summary>
internal static class AugmentationSection
{
    private const int Items = 3, MostViews = 8, LargestSide = 96;
    private const double LongestClip = 2.5;

    /// <exception cref="TacitException">Nothing says how the run looked at items, or the data are of another kind.</exception>
    public static AugmentationModel Of(RunSource run, DataSource source)
    {
        Method method = run.Untrained();
        RunConfig config = run.Config!;
        return (source.Data, config.Modality) switch
        {
            (PictureDataset pictures, "image") => Pictures(method, config, pictures, source),
            (SoundDataset, "speech") => Sounds(method, config, source),
            (TextDataset, "text") => throw new TacitException("Texts are shown to the method as they are; what is hidden of them is drawn anew in each step."),
            _ => throw new TacitException($"The run looks at {config.Modality}, and '{source.Data.Path}' holds {source.Data.Word}: give other data with --data."),
        };
    }

    private static AugmentationModel Pictures(Method method, RunConfig config, PictureDataset pictures, DataSource source)
    {
        ViewPlan plan = method.Views ?? throw new TacitException($"{config.MethodName} asks for no views of pictures.");
        int side = Math.Min(config.Data.Size ?? plan.Size, LargestSide);
        int[] chosen = source.Few(Items);
        using var few = (PictureDataset)pictures.Only(chosen);
        var normalization = new Normalization(config.Data.Mean, config.Data.Deviation);
        using var loader = new PictureLoader(few, plan, new LoaderOptions { BatchSize = few.Count, Normalization = normalization, ViewSizes = new ViewSizePlan((0, side)) }, source.Seed);
        var views = Enumerable.Range(0, few.Count).Select(_ => new List<ExhibitModel>()).ToArray();
        int each = plan.ViewCount + plan.LocalCount;
        for (int pass = 0; views[0].Count < MostViews && pass < MostViews; pass++)
        {
            Batch batch = loader.At(pass);
            for (int view = 0; view < each; view++)
            {
                bool local = view >= plan.ViewCount;
                for (int row = 0; row < batch.Size; row++)
                {
                    int at = ((local ? view - plan.ViewCount : view) * batch.Size) + row;
                    views[batch.Items[row]].Add(new ExhibitModel(Caption(pass, view, each, local)) { Picture = DataUri.Of(local ? batch.Locals! : batch.Views, at, normalization) });
                }
            }
        }

        Batch plain = EvaluationBatches.Of(few, side, Normalization.None).First();
        return new AugmentationModel(
            [.. Enumerable.Range(0, plain.Size).Select(i => new ViewsModel(
                few.Names[plain.Items[i]],
                new ExhibitModel("as it is") { Picture = DataUri.Of(plain.Views, i, Normalization.None) },
                [.. views[plain.Items[i]].Take(Math.Max(MostViews, each))]))],
            $"{config.MethodName} looks at {Count(each, "view")} of each picture in each pass; shown are the passes one after the other.");
    }

    private static AugmentationModel Sounds(Method method, RunConfig config, DataSource source)
    {
        SoundPlan plan = method.Sounds ?? throw new TacitException($"{config.MethodName} asks for no views of recordings.");
        SoundInput input = Inputs.Sound(config.Model.Backbone, config.Data);
        using var few = (SoundDataset)source.Only(source.Few(Items), input.Rate);
        double seconds = config.Data.Crop ?? 4;
        int align = BackboneFactory.Build(config.Model.Backbone) is SequenceBackbone sequences ? sequences.Stride * (input.Form == SoundForm.Wave ? 1 : 160) : 160;
        using var loader = new SoundLoader(
            few, plan, new SoundLoaderOptions { BatchSize = few.Count, Input = input, CropSeconds = seconds, AlignTo = align, Augmentation = config.Sound }, source.Seed);
        var views = Enumerable.Range(0, few.Count).Select(_ => new List<ExhibitModel>()).ToArray();
        int passes = plan.ViewCount == 1 ? 3 : 2;
        for (int pass = 0; pass < passes; pass++)
        {
            Batch batch = loader.At(pass);
            for (int at = 0; at < plan.ViewCount * batch.Size; at++)
            {
                double start = batch.Starts is { } starts ? (double)starts[at] / input.Rate : 0;
                string caption = $"{Caption(pass, at / batch.Size, plan.ViewCount, false)}, from {start:0.0} s";
                views[batch.Items[at % batch.Size]].Add(View(batch, at, input, caption));
            }
        }

        bool plainly = config.Sound == SoundAugmentationOptions.None;
        return new AugmentationModel(
            [.. Enumerable.Range(0, few.Count).Select(i => new ViewsModel(few.Names[i], Original(few, i, seconds), views[i]))],
            $"{config.MethodName} hears {Count(plan.ViewCount, "view")} of {seconds:0.#} seconds of each recording in each pass, {(plainly ? "from a random place and not changed" : "changed at random")}; "
            + $"shown {(input.Form == SoundForm.Wave ? "is the spectrum of the waveform that the network takes" : "are the frames that the network takes")}.");
    }

    private static ExhibitModel Original(SoundDataset sounds, int item, double seconds)
    {
        float[] read = sounds.TryRead(item, 0, (int)(seconds * sounds.Rate)) ?? [];
        return read.Length == 0 ? new ExhibitModel("cannot be read") : new ExhibitModel("its beginning, as it is")
        {
            Picture = DataUri.Spectrum(read, sounds.Rate),
            Sound = DataUri.Wav(read, sounds.Rate, LongestClip, 2),
        };
    }

    private static ExhibitModel View(Batch batch, int row, SoundInput input, string caption)
    {
        int length = batch.Lengths![row], size = batch.Views.Length / batch.Views.Shape[0];
        ReadOnlySpan<float> view = batch.Views.Span.Slice(row * size, length * input.Width);
        return input.Form == SoundForm.Wave
            ? new ExhibitModel(caption) { Picture = DataUri.Spectrum(view, input.Rate), Sound = DataUri.Wav(view, input.Rate, LongestClip, 2) }
            : new ExhibitModel(caption) { Picture = DataUri.Spectrum(view, input.Width, input.Mels) };
    }

    private static string Caption(int pass, int view, int views, bool local) =>
        views == 1 ? $"pass {pass + 1}" : $"pass {pass + 1}, {(local ? "small view" : "view")} {view + 1}";

    private static string Count(int number, string word) => number == 1 ? $"one {word}" : $"{number} {word}s";
}
