using System.Globalization;
using Tacit.Data;
using Tacit.Data.Augment;
using Tacit.Data.Loading;
using Tacit.Data.Text;
using Tacit.Models;
using Tacit.Tensors;

namespace Tacit.Training;

/// <summary>How an encoder is shown items when it is judged or used, as a run's configuration or an encoder's file says it.</summary>
/// <remarks>
/// Metadata: pictures have <c>input.size</c> in pixels, <c>input.mean</c> and <c>input.deviation</c> of the channels; recordings have
/// <c>input.rate</c>, <c>input.form</c> (wave, frames, picture), <c>input.mels</c>, <c>input.deltas</c>, <c>input.normalize</c>, <c>input.mean</c>
/// and <c>input.deviation</c>; texts have <c>input.length</c> in tokens and <c>input.tokenizer</c>, the JSON of a byte-pair tokeniser.
/// </remarks>
public static class Inputs
{
    /// <summary>What the encoder of a run takes.</summary>
    public static InputFormat Of(RunConfig config) => config.Modality switch
    {
        "speech" => Sound(config.Model.Backbone, config.Data),
        "text" => new TextInput(config.Tokenizer ?? throw new TacitException("The run's tokenizer.json is missing: without it its encoder cannot read text."), config.Data.Length),
        _ => Picture(config, config.Data.Size!.Value),
    };

    /// <summary>What encoders without an input of their own are shown.</summary>
    public static InputFormat Default(Dataset data) => data switch
    {
        PictureDataset pictures => new PictureInput(DataOptions.AutomaticSide(pictures), Normalization.ImageNet),
        TextDataset texts => TextResolver.Input(new DataOptions(), texts),
        _ => new SoundInput(),
    };

    /// <summary>The input as the metadata of an encoder's file.</summary>
    public static Dictionary<string, string> ToMetadata(InputFormat input) => input switch
    {
        PictureInput picture => new(StringComparer.Ordinal)
        {
            ["input.size"] = Text(picture.Size),
            ["input.mean"] = Join(picture.Normalization.Mean),
            ["input.deviation"] = Join(picture.Normalization.Deviation),
        },
        SoundInput sound => new(StringComparer.Ordinal)
        {
            ["input.rate"] = Text(sound.Rate),
            ["input.form"] = sound.Form.ToString().ToLowerInvariant(),
            ["input.mels"] = Text(sound.Mels),
            ["input.deltas"] = Text(sound.Deltas),
            ["input.normalize"] = sound.Normalize ? "true" : "false",
            ["input.mean"] = Join([sound.Mean]),
            ["input.deviation"] = Join([sound.Deviation]),
        },
        TextInput text => new(StringComparer.Ordinal)
        {
            ["input.length"] = Text(text.Length),
            ["input.tokenizer"] = text.Tokenizer.ToJson(),
        },
        _ => throw new InvalidOperationException($"An input of {input.Modality} has no metadata."),
    };

    /// <summary>The input that a file's metadata holds.</summary>
    /// <exception cref="TacitException">It does not say; the message names the file.</exception>
    public static InputFormat FromMetadata(IReadOnlyDictionary<string, string> metadata, string path)
    {
        if (metadata.TryGetValue("input.form", out string? form))
        {
            return new SoundInput
            {
                Form = Enum.TryParse(form, ignoreCase: true, out SoundForm known) ? known : throw new TacitException($"'{path}' was made for sound as '{form}', which is not known here."),
                Rate = Whole(metadata, "input.rate", path),
                Mels = Whole(metadata, "input.mels", path),
                Deltas = Whole(metadata, "input.deltas", path),
                Normalize = metadata.GetValueOrDefault("input.normalize") == "true",
                Mean = Numbers(metadata, "input.mean", path)[0],
                Deviation = Numbers(metadata, "input.deviation", path)[0],
            };
        }

        if (metadata.TryGetValue("input.tokenizer", out string? tokenizer))
        {
            return new TextInput(BytePairTokenizer.FromJson(tokenizer, path), Whole(metadata, "input.length", path));
        }

        return new PictureInput(Whole(metadata, "input.size", path), new Normalization(Numbers(metadata, "input.mean", path), Numbers(metadata, "input.deviation", path)));
    }

    /// <summary>Pictures of a side as a run normalises them.</summary>
    internal static PictureInput Picture(RunConfig config, int side) => new(side, Loaders.Normalization(config));

    /// <summary>Recordings as a backbone takes them.</summary>
    public static SoundInput Sound(BackboneOptions model, DataOptions data) => new()
    {
        Form = BackboneFactory.SoundKind(model.Name) switch { "wave" => SoundForm.Wave, "frames" => SoundForm.Frames, _ => SoundForm.Picture },
        Rate = data.Rate,
        Mels = model.Mels,
        Deltas = model.Deltas,
        Normalize = data.Normalize,
        Mean = data.MelMean ?? 0,
        Deviation = data.MelDeviation ?? 1,
    };

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Join(IEnumerable<float> values) => string.Join(' ', values.Select(v => v.ToString("R", CultureInfo.InvariantCulture)));

    private static int Whole(IReadOnlyDictionary<string, string> metadata, string key, string path) =>
        int.TryParse(metadata.GetValueOrDefault(key), NumberStyles.None, CultureInfo.InvariantCulture, out int value)
            ? value
            : throw new TacitException($"'{path}' does not say which input it was made for: its metadata has no {key}.");

    private static float[] Numbers(IReadOnlyDictionary<string, string> metadata, string key, string path)
    {
        try
        {
            return [.. metadata[key].Split(' ').Select(text => float.Parse(text, CultureInfo.InvariantCulture))];
        }
        catch (Exception error) when (error is KeyNotFoundException or FormatException)
        {
            throw new TacitException($"'{path}' does not say how its input is normalised: its metadata has no {key} of numbers.", error);
        }
    }
}
