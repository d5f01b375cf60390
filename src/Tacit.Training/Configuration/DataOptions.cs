using Tacit.Data;
using Tacit.Data.Loading;
using Tacit.Methods;

namespace Tacit.Training;

/// <summary>Where the items come from and how they reach the network.</summary>
public sealed record DataOptions
{
    /// <summary>The folder, archive or manifest the run was made on.</summary>
    public string Path { get; init; } = "";

    /// <summary>Side in pixels of the pictures that the encoder is judged and used at; auto is the data's own, at most what the method is meant for on two cores.</summary>
    public int? Size { get; init; }

    /// <summary>Sides of the training views over the run, small first, each with the share of the steps it begins at: 16, 24@0.3, 32@0.7. Null: always <see cref="Size"/>.</summary>
    public ViewSizePlan? Sizes { get; init; }

    /// <summary>Taken off each channel after scaling to 0 … 1; the default is ImageNet's.</summary>
    public IReadOnlyList<float> Mean { get; init; } = [0.485f, 0.456f, 0.406f];

    /// <summary>Each channel is divided by it; the default is ImageNet's.</summary>
    public IReadOnlyList<float> Deviation { get; init; } = [0.229f, 0.224f, 0.225f];

    /// <summary>Samples a second that recordings are read at.</summary>
    public int Rate { get; init; } = 16000;

    /// <summary>Seconds of each recording that are shown, from a random place; null for whole pieces.</summary>
    public float? Crop { get; init; }

    /// <summary>Longer recordings are cut into pieces of at most so many seconds, which are the items of an epoch; auto is twice the crop, or 15.</summary>
    public float? Piece { get; init; }

    /// <summary>Seconds in a batch of whole pieces of like length, padding included; null for batches of a number of items.</summary>
    public float? BatchSeconds { get; init; }

    /// <summary>Whether each recording is normalised by its own mean and deviation: waveforms as a whole, frames each feature.</summary>
    public bool Normalize { get; init; } = true;

    /// <summary>Taken off log-mel pictures; auto is the mean of the data's own.</summary>
    public float? MelMean { get; init; }

    /// <summary>Log-mel pictures are divided by it; auto is the deviation of the data's own.</summary>
    public float? MelDeviation { get; init; }

    /// <summary>Tokens of a text that are shown at once.</summary>
    public int Length { get; init; } = 64;

    /// <summary>Tokens of the byte-pair tokeniser that is trained on the texts, the 256 bytes included.</summary>
    public int Vocabulary { get; init; } = 1024;

    internal static OptionTable<DataOptions> Table { get; } = new OptionTable<DataOptions>()
        .Text("path", o => o.Path, (o, v) => o with { Path = v });

    /// <summary>The keys of pictures.</summary>
    internal static OptionTable<DataOptions> PictureTable { get; } = new OptionTable<DataOptions>()
        .WholeOrAuto("size", o => o.Size, (o, v) => o with { Size = (int?)v }, new Interval(4, 4096))
        .Text("sizes", o => o.Sizes is null ? OptionTable<DataOptions>.Auto : $"[{o.Sizes}]", (o, v) => o with { Sizes = ParseSizes(v) })
        .Numbers("mean", o => o.Mean, (o, v) => o with { Mean = Channels(v) }, Interval.Fraction)
        .Numbers("deviation", o => o.Deviation, (o, v) => o with { Deviation = Channels(v) }, new Interval(0, 1, OpenLow: true));

    /// <summary>The keys of recordings.</summary>
    internal static OptionTable<DataOptions> SoundTable { get; } = new OptionTable<DataOptions>()
        .Whole("rate", o => o.Rate, (o, v) => o with { Rate = (int)v }, new Interval(1000, 192000))
        .NumberOr("whole", "crop", o => o.Crop, (o, v) => o with { Crop = v }, new Interval(0.1, 3600))
        .NumberOrAuto("piece", o => o.Piece, (o, v) => o with { Piece = v }, new Interval(0.1, 3600))
        .NumberOrAuto("batch-seconds", o => o.BatchSeconds, (o, v) => o with { BatchSeconds = v }, new Interval(1, 1e6))
        .Flag("normalize", o => o.Normalize, (o, v) => o with { Normalize = v })
        .NumberOrAuto("mel-mean", o => o.MelMean, (o, v) => o with { MelMean = v }, new Interval(-1000, 1000))
        .NumberOrAuto("mel-deviation", o => o.MelDeviation, (o, v) => o with { MelDeviation = v }, Interval.Positive);

    /// <summary>The keys of texts.</summary>
    internal static OptionTable<DataOptions> TextTable { get; } = new OptionTable<DataOptions>()
        .Whole("length", o => o.Length, (o, v) => o with { Length = (int)v }, new Interval(2, 65536))
        .Whole("vocabulary", o => o.Vocabulary, (o, v) => o with { Vocabulary = (int)v }, new Interval(256, 65536));

    private static ViewSizePlan? ParseSizes(string text)
    {
        try
        {
            return text == OptionTable<DataOptions>.Auto ? null : ViewSizePlan.Parse(text.Trim('[', ']', ' '));
        }
        catch (TacitException error)
        {
            throw new FormatException($"cannot be used: {error.Message.TrimEnd('.')}", error);
        }
    }

    private static IReadOnlyList<float> Channels(IReadOnlyList<float> values) =>
        values.Count == 3 ? values : throw new FormatException("needs three numbers: red, green, blue");

    /// <summary>The side that is chosen where none is given: the data's typical one, at most <paramref name="largest"/>.</summary>
    /// <exception cref="TacitException">None of the pictures can be read.</exception>
    public static int AutomaticSide(PictureDataset data, int largest = 32) => Math.Clamp(data.TypicalSide(), 8, largest);
}
