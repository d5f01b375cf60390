using System.Text.RegularExpressions;
using Tacit.Data.Files;

namespace Tacit.Data.Forms;

/// <summary>Names like the Free Spoken Digit Dataset's, <c>7_jackson_32.wav</c>: what is said, who says it, and a number.</summary>
internal static partial class DigitNamesForm
{
    /// <returns>The items, or null where any recording is named otherwise.</returns>
    public static FileItems? Open(FileSet files)
    {
        FileScan scan = FileScan.Of(files, MediaKind.Sound);
        FileEntry[] entries = [.. scan.Found];
        Match[] names = [.. entries.Select(e => Pattern().Match(e.BaseName.ToString()))];
        if (entries.Length == 0 || !names.All(n => n.Success))
        {
            return null;
        }

        var (classes, labels) = ClassNames.Number([.. names.Select(n => n.Groups["digit"].Value)]);
        return new FileItems
        {
            Entries = entries,
            Form = "digit_speaker_index names",
            Names = [.. entries.Select(e => e.Name)],
            Classes = classes,
            Labels = labels,
            Speakers = [.. names.Select(n => n.Groups["speaker"].Value)],
            Broken = scan.Broken,
            Ignored = scan.Ignored,
        };
    }

    [GeneratedRegex("^(?<digit>[0-9]+)_(?<speaker>[A-Za-z]+)_[0-9]+\\.[A-Za-z]+$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Pattern();
}
