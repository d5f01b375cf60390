namespace Tacit.Data.Files;

/// <summary>One file of a <see cref="FileSet"/>.</summary>
/// <param name="Name">Its path below the root, folders separated by '/'.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="Offset">Where its bytes begin within the archive; 0 for a file of its own.</param>
internal readonly record struct FileEntry(string Name, long Length, long Offset = 0)
{
    /// <summary>The name without its folders.</summary>
    public ReadOnlySpan<char> BaseName => Name.AsSpan(Name.LastIndexOf('/') + 1);

    /// <summary>The folders it lies in, with the closing '/'; empty at the root.</summary>
    public ReadOnlySpan<char> Folder => Name.AsSpan(0, Name.LastIndexOf('/') + 1);
}
