namespace Tacit.Benchmarks;

/// <summary>Whole training steps and the loader.</summary>
internal static class TrainingWorks
{
    public static IEnumerable<Work> All(string root) => [];
}
