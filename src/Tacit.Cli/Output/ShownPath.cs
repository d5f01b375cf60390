namespace Tacit.Cli;

/// <summary>A path as people would type it: relative where it lies below the current folder.</summary>
internal static class ShownPath
{
    public static string Of(string path)
    {
        string relative = Path.GetRelativePath(Environment.CurrentDirectory, path);
        return relative.StartsWith("..", StringComparison.Ordinal) ? path : relative;
    }
}
