using System.Globalization;

namespace Tacit.Models;

/// <summary>Builds backbones by name, and writes down what one was built from.</summary>
public static class BackboneFactory
{
    private const string Prefix = "backbone.";

    /// <summary>The backbones there are.</summary>
    public static IReadOnlyList<string> Names { get; } = ["resnet18", "resnet34", "resnet50"];

    /// <summary>How residual networks may begin.</summary>
    public static IReadOnlyList<string> Stems { get; } = ["cifar", "imagenet"];

    /// <summary>
    /// A backbone with the starting values it has in every run with this seed: alone, as the baseline that learned nothing,
    /// or as the <c>backbone</c> of a method.
    /// </summary>
    /// <exception cref="TacitException">No such name or stem, or a width that cannot be.</exception>
    public static Backbone Create(BackboneOptions options, ulong seed)
    {
        Backbone backbone = Build(options);
        backbone.Initialize(seed, "backbone");
        return backbone;
    }

    /// <summary>A backbone whose values are still to be loaded.</summary>
    /// <exception cref="TacitException">As <see cref="Create"/>.</exception>
    public static Backbone Build(BackboneOptions options)
    {
        Refuse(options.Name, Names, "backbone");
        Refuse(options.Stem, Stems, "stem");
        return options.Width is >= 1 and <= 1024
            ? new ResNet(options)
            : throw new TacitException($"A backbone of width {options.Width} cannot be built; its first stage has 1 to 1024 channels.");
    }

    /// <summary>The options as the metadata of an encoder's file.</summary>
    public static Dictionary<string, string> ToMetadata(BackboneOptions options) => new(StringComparer.Ordinal)
    {
        [$"{Prefix}name"] = options.Name,
        [$"{Prefix}stem"] = options.Stem,
        [$"{Prefix}width"] = options.Width.ToString(CultureInfo.InvariantCulture),
        [$"{Prefix}zero-init-last-gamma"] = options.ZeroInitLastGamma ? "true" : "false",
    };

    /// <summary>The options that a file's metadata holds.</summary>
    /// <exception cref="TacitException">It does not say, or says something that cannot be.</exception>
    public static BackboneOptions FromMetadata(IReadOnlyDictionary<string, string> metadata)
    {
        string Get(string key) => metadata.TryGetValue(Prefix + key, out string? value)
            ? value
            : throw new TacitException($"The file's metadata does not say {Prefix}{key}, which is needed to rebuild the encoder.");

        return new BackboneOptions
        {
            Name = Get("name"),
            Stem = Get("stem"),
            Width = int.TryParse(Get("width"), NumberStyles.None, CultureInfo.InvariantCulture, out int width)
                ? width
                : throw new TacitException($"The file's metadata gives '{Get("width")}' as {Prefix}width, which is not a whole number."),
            ZeroInitLastGamma = Get("zero-init-last-gamma") == "true",
        };
    }

    private static void Refuse(string name, IReadOnlyList<string> known, string what)
    {
        if (!known.Contains(name, StringComparer.Ordinal))
        {
            throw new TacitException($"There is no {what} '{name}'; choose one of {string.Join(", ", known)}.");
        }
    }
}
