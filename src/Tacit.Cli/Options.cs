using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Tacit.Cli;

/// <summary>Options that take one value each; given twice, the last one counts.</summary>
internal static class Options
{
    public static Option<string?> Text(string name, string value, string description, bool required = false) =>
        Make<string?>(name, value, description, text => text, required);

    public static Option<int?> Whole(string name, string value, string description, int low, int high) =>
        Make<int?>(name, value, description, text =>
            int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) && number >= low && number <= high
                ? number
                : throw new FormatException($"is not a whole number from {low} to {high}"));

    public static Option<ulong?> Seed(string description) =>
        Make<ulong?>("--seed", "N", description, text =>
            ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number) && number <= long.MaxValue
                ? number
                : throw new FormatException("is not a whole number of at least 0"));

    /// <summary>Which layer of the encoder gives the features.</summary>
    /// <param name="more">What else may be given.</param>
    public static Option<string?> Features(string more = "") =>
        Text("--features", "LAYER", $"The encoder's layer that the features come from: layer:K or its name (layer1 to layer4 of a ResNet, block1, block2, … of a transformer), encoder or context of an encoder of sound{more} (default: last)");

    /// <summary>Whether published encoders of waveforms treat padding as where they come from.</summary>
    public static Option<bool> PublishedPadding() => new("--published-padding")
    {
        Description = "Let padding count in the norms of a published encoder, as it did where it was published; otherwise it changes nothing",
    };

    public static Option<string?> Choice(string name, string description, params string[] words) =>
        Make<string?>(name, string.Join('|', words), description, text =>
            words.Contains(text) ? text : throw new FormatException($"is none of {string.Join(", ", words)}"));

    private static Option<T> Make<T>(string name, string value, string description, Func<string, T> parse, bool required = false) => new(name)
    {
        Description = description,
        HelpName = value,
        Required = required,
        Arity = new ArgumentArity(1, 100_000),
        CustomParser = result => Parse(result, name, parse),
    };

    private static T Parse<T>(ArgumentResult result, string name, Func<string, T> parse)
    {
        string text = result.Tokens[^1].Value;
        try
        {
            return parse(text);
        }
        catch (FormatException error)
        {
            result.AddError($"{name}: '{text}' {error.Message}.");
            return default!;
        }
    }
}
