using Tacit.Methods;

namespace Tacit.Evaluation.Suite;

/// <summary>The tasks there are, in the order they run and are shown.</summary>
public static class SuiteCatalog
{
    /// <summary>Every task.</summary>
    public static IReadOnlyList<SuiteTask> All { get; } =
    [
        new KeywordSpotting(),
        new SpeakerIdentification(),
        new SpeakerVerification(),
        new EmotionRecognition(),
        new IntentClassification(),
        new Sequence.PhoneRecognition(),
        new Sequence.SpeechRecognition(),
        new Sequence.QueryByExample(),
        new Sequence.SlotFilling(),
        new Sequence.Diarization(),
        new Sequence.VoiceActivity(),
    ];

    /// <summary>The tasks that <c>--tasks</c> names: <c>all</c>, or names with commas between.</summary>
    /// <exception cref="ConfigurationException">There is no such task.</exception>
    public static IReadOnlyList<SuiteTask> Choose(string names)
    {
        string[] wanted = [.. names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(n => n.ToLowerInvariant())];
        if (wanted.Length == 0)
        {
            throw new ConfigurationException($"--tasks names no task; give all, or some of {Names}.");
        }

        foreach (string name in wanted.Where(n => n != "all" && !All.Any(t => t.Name == n)))
        {
            throw new ConfigurationException($"There is no task '{name}'.{NearestName.Suggest(name, All.Select(t => t.Name))} The tasks are {Names}.");
        }

        return [.. All.Where(t => wanted.Contains("all") || wanted.Contains(t.Name))];
    }

    private static string Names => string.Join(", ", All.Select(t => t.Name));
}
