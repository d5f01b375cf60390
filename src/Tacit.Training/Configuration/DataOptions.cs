using Tacit.Data;
using Tacit.Data.Loading;
using Tacit.Methods;

namespace Tacit.Training;

/// <summary>Where the pictures come from and how they reach the network.</summary>
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

    internal static OptionTable<DataOptions> Table { get; } = new OptionTable<DataOptions>()
        .Text("path", o => o.Path, (o, v) => o with { Path = v })
        .WholeOrAuto("size", o => o.Size, (o, v) => o with { Size = (int?)v }, new Interval(4, 4096))
        .Text("sizes", o => o.Sizes is null ? OptionTable<DataOptions>.Auto : $"[{o.Sizes}]", (o, v) => o with { Sizes = ParseSizes(v) })
        .Numbers("mean", o => o.Mean, (o, v) => o with { Mean = Channels(v) }, Interval.Fraction)
        .Numbers("deviation", o => o.Deviation, (o, v) => o with { Deviation = Channels(v) }, new Interval(0, 1, OpenLow: true));

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
