using Tacit.Models;

namespace Tacit.Methods;

/// <summary>One line of the catalogue: what a method is, what it can be told, and how it is made.</summary>
/// <param name="Info">Name, family, paper.</param>
/// <param name="Defaults">Its options where nobody says otherwise.</param>
/// <param name="Options">The keys of its options; those that begin with <c>augmentation.</c> stand at the top level of a recipe, the others under <c>method.</c>.</param>
/// <param name="Create">The method around a backbone; its parameters get their values from <see cref="Nn.Module.Initialize"/>.</param>
public sealed record MethodEntry(MethodInfo Info, MethodOptions Defaults, OptionTable<MethodOptions> Options, Func<Backbone, MethodOptions, Method> Create)
{
    /// <summary>The encoder, optimiser and schedule it is meant for, on the first of its modalities.</summary>
    public MethodSetup Setup { get; init; } = new();

    /// <summary>The same for recordings, where those are not the first of its modalities; null for log-mel pictures.</summary>
    public MethodSetup? SoundSetup { get; init; }

    /// <summary>What it is meant for on one of its modalities: image, speech or text.</summary>
    public MethodSetup SetupFor(string modality) => modality == "speech" && Info.Modality[0] != "speech" ? SoundSetup ?? SoundSetups.LogMel(Setup) : Setup;
}
