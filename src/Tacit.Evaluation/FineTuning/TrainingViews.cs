using Tacit.Data;
using Tacit.Data.Loading;

namespace Tacit.Evaluation;

/// <summary>How labelled items are shown while a network learns from them.</summary>
internal static class TrainingViews
{
    /// <summary>Recordings longer than this are shown in parts, in seconds.</summary>
    private const float LongestWhole = 4;

    /// <summary>Pictures randomly cropped and mirrored, recordings masked, in the form that the encoder takes.</summary>
    /// <param name="data">Holds the items.</param>
    /// <param name="input">What the encoder takes.</param>
    /// <param name="options">How views are changed.</param>
    /// <param name="items">Those that will be asked for.</param>
    /// <param name="seed">Of the views.</param>
    public static ChosenBatches Of(Dataset data, InputFormat input, FineTuneOptions options, int[] items, ulong seed) => (data, input) switch
    {
        (PictureDataset pictures, PictureInput picture) => ChosenBatches.Of(pictures, ViewPlan.Crop(options.Pictures, picture.Size), picture.Normalization, seed),
        (SoundDataset sounds, SoundInput sound) => ChosenBatches.Of(
            sounds,
            new SoundLoaderOptions
            {
                Input = sound,
                CropSeconds = options.Crop ?? (items.Max(i => (double)sounds.Samples(i) / sounds.Rate) > LongestWhole ? LongestWhole : null),
                Augmentation = options.Sounds(sound.Form != SoundForm.Wave),
            },
            seed),
        _ => throw new InvalidOperationException($"Nothing shows {data.Word} to an encoder of {input.Modality}."),
    };
}
