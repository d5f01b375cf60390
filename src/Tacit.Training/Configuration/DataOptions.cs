using Tacit.Methods;

namespace Tacit.Training;

/// <summary>Where the pictures come from and how they reach the network.</summary>
public sealed record DataOptions
{
    /// <summary>Largest side that is chosen without being asked for: what two cores can train on.</summary>
    public const int LargestAutomaticSide = 32;

    /// <summary>The folder, archive or manifest the run was made on.</summary>
    public string Path { get; init; } = "";

    /// <summary>Side in pixels of the pictures that the encoder is judged and used at; auto is the data's own, at most 32.</summary>
    public int? Size { get; init; }

    /// <summary>Sides of the training views over the run, small first: [16@0.3, 24@0.3, 32]. Empty: always <see cref="Size"/>.</summary>
    public IReadOnlyList<SizePhase> Sizes { get; init; } = [];

    /// <summary>Taken off each channel after scaling to 0 … 1; the default is ImageNet's.</summary>
    public IReadOnlyList<float> Mean { get; init; } = [0.485f, 0.456f, 0.406f];

    /// <summary>Each channel is divided by it; the default is ImageNet's.</summary>
    public IReadOnlyList<float> Deviation { get; init; } = [0.229f, 0.224f, 0.225f];

    /// <summary>Megabytes of decoded pictures kept in memory.</summary>
    public int CacheMegabytes { get; init; } = 1024;

    internal static OptionTable<DataOptions> Table { get; } = new OptionTable<DataOptions>()
        .Text("path", o => o.Path, (o, v) => o with { Path = v })
        .WholeOrAuto("size", o => o.Size, (o, v) => o with { Size = (int?)v }, new Interval(4, 4096))
        .List("sizes", o => o.Sizes, (o, v) => o with { Sizes = v }, SizePhase.Parse, p => p.ToString())
        .Numbers("mean", o => o.Mean, (o, v) => o with { Mean = Channels(v) }, Interval.Fraction)
        .Numbers("deviation", o => o.Deviation, (o, v) => o with { Deviation = Channels(v) }, new Interval(0, 1, OpenLow: true))
        .Whole("cache-megabytes", o => o.CacheMegabytes, (o, v) => o with { CacheMegabytes = (int)v }, new Interval(0, 1 << 20));

    private static IReadOnlyList<float> Channels(IReadOnlyList<float> values) =>
        values.Count == 3 ? values : throw new FormatException("needs three numbers: red, green, blue");
}
