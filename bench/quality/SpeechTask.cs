using Tacit.Data;
using Tacit.Evaluation;
using Tacit.Tensors;

namespace Tacit.Quality;

/// <summary>What is to be told from recordings. Tasks on the same recordings share their features.</summary>
/// <param name="Name">A column of the page.</param>
/// <param name="Train">Labelled recordings to learn from.</param>
/// <param name="Test">Recordings to judge on; they choose nothing.</param>
internal sealed record SpeechTask(string Name, SoundDataset Train, SoundDataset Test)
{
    /// <summary>The names of the tasks, in the order of the page.</summary>
    public static IReadOnlyList<string> Names { get; } = ["words", "digits", "speakers"];

    private static readonly ulong Stream = Philox.Hash("layer choice");

    /// <summary>Labels of a data set in the order of the training classes.</summary>
    public FeatureTable Label(FeatureTable features, SoundDataset data) => new(features.Values, data.LabelsAs(Train.Classes)!, Train.Classes);

    /// <summary>The training recordings on which layers are compared, a third, and those that probes learn from for that.</summary>
    /// <remarks>Where others speak in the test recordings, whole speakers are held out, so that the choice asks what the test asks.</remarks>
    public (int[] Fit, int[] Judge) HeldOut()
    {
        bool strangers = Train.Speakers is not null && !Train.SpeakerNames.Intersect(Test.SpeakerNames).Any();
        int[] unit = [.. Enumerable.Range(0, Train.Count).Select(i => strangers && Train.Speakers![i] is >= 0 and var who ? who : Train.SpeakerNames.Count + i)];
        int[] units = [.. unit.Distinct().Order()];
        HashSet<int> held = [.. Philox.Permutation(units.Length, 0, Stream, 0)[..(units.Length / 3)].Select(u => units[u])];
        return ([.. Enumerable.Range(0, unit.Length).Where(i => !held.Contains(unit[i]))], [.. Enumerable.Range(0, unit.Length).Where(i => held.Contains(unit[i]))]);
    }
}
