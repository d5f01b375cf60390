using Tacit.Data.Files;

namespace Tacit.Data.Forms;

/// <summary>Items that are a file each, or a part of one, with what a manifest or a corpus says about them beside the label.</summary>
internal sealed class FileItems : ItemList
{
    /// <summary>One file per item.</summary>
    public required FileEntry[] Entries { get; init; }

    /// <summary>Who speaks, per item; null where nothing says it.</summary>
    public string?[]? Speakers { get; init; }

    /// <summary>What is said, per item; null where nothing says it.</summary>
    public string?[]? Texts { get; init; }

    /// <summary>Where in its file an item begins and ends, in seconds, null for the file's own ends; null where items are whole files.</summary>
    public (double? Start, double? End)[]? Parts { get; init; }
}
