namespace Tacit.Methods;

/// <summary>Every method there is, listed by hand so that trimming keeps them all.</summary>
public static class MethodCatalog
{
    public static IReadOnlyList<MethodEntry> All { get; } =
    [
        SimClr.Entry,
        RotNet.Entry,
        ContextPrediction.Entry,
        Jigsaw.Entry,
        DeepClusterV2.Entry,
    ];

    /// <summary>The method of that name.</summary>
    /// <exception cref="ConfigurationException">There is none; the message suggests the nearest.</exception>
    public static MethodEntry Get(string name) =>
        All.FirstOrDefault(m => string.Equals(m.Info.Name, name, StringComparison.OrdinalIgnoreCase))
        ?? throw new ConfigurationException(
            $"There is no method '{name}'.{NearestName.Suggest(name, All.Select(m => m.Info.Name))} 'tacit methods' lists them all.");
}
