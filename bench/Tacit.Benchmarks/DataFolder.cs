namespace Tacit.Benchmarks;

/// <summary>Where the real data lie: TACIT_DATA, or shared/data beside the repository.</summary>
internal static class DataFolder
{
    public static string File(string root, string name) =>
        Path.GetFullPath(Path.Combine(Environment.GetEnvironmentVariable("TACIT_DATA") ?? Path.Combine(root, "..", "shared", "data"), name));
}
