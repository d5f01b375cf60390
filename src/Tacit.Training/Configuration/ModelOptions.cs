using Tacit.Methods;
using Tacit.Models;

namespace Tacit.Training;

/// <summary>The encoder. A preset sets it as a whole; keys beside the preset change single parts of it.</summary>
public sealed record ModelOptions
{
    /// <summary>small is made for two cores, base and large are the published configurations.</summary>
    public string Preset { get; private init; } = "small";

    public BackboneOptions Backbone { get; init; } = Presets[0].Backbone;

    /// <summary>ResNet-18 at width 16; ResNet-18 as published for CIFAR; ResNet-50 as published for ImageNet.</summary>
    private static (string Name, BackboneOptions Backbone)[] Presets { get; } =
    [
        ("small", new BackboneOptions()),
        ("base", new BackboneOptions { Width = 64 }),
        ("large", new BackboneOptions { Name = "resnet50", Stem = "imagenet", Width = 64 }),
    ];

    internal static OptionTable<ModelOptions> Table { get; } = new OptionTable<ModelOptions>()
        .Choice("preset", o => o.Preset, (o, name) => OfPreset(Architecture(o.Backbone.Name), name), [.. Presets.Select(p => p.Name)])
        .Section("", o => o.Backbone, (o, v) => o with { Backbone = v }, new OptionTable<BackboneOptions>()
            .Choice("name", o => o.Name, (o, v) => o with { Name = v }, [.. BackboneFactory.Names])
            .Choice("stem", o => o.Stem, (o, v) => o with { Stem = v }, [.. BackboneFactory.Stems])
            .Whole("width", o => o.Width, (o, v) => o with { Width = (int)v }, new Interval(1, 1024))
            .Flag("zero-init-last-gamma", o => o.ZeroInitLastGamma, (o, v) => o with { ZeroInitLastGamma = v }));

    /// <summary>The architecture that a backbone's name belongs to, which is what presets are for: resnet, vit, pixel-transformer.</summary>
    public static string Architecture(string backbone) => backbone.StartsWith("resnet", StringComparison.Ordinal) ? "resnet" : backbone;

    /// <summary>The options of an architecture's preset.</summary>
    public static ModelOptions OfPreset(string architecture, string name) => new() { Preset = name, Backbone = Presets.First(p => p.Name == name).Backbone };
}
