using System.Text.RegularExpressions;

namespace Tacit.Data.Forms;

/// <summary>Who speaks, where the names of the files say it by a known convention.</summary>
internal static partial class SpeakerNames
{
    /// <summary>Per item, or null where the names follow none: Speech Commands (<c>HASH_nohash_N</c>, also behind a word, as where words are gathered in one class), EMO-DB (<c>03a01Fa</c>).</summary>
    public static string?[]? Of(IReadOnlyList<string> names)
    {
        foreach (Regex pattern in (Regex[])[SpeechCommands(), EmoDb()])
        {
            Match[] found = [.. names.Select(name => pattern.Match(name[(name.LastIndexOf('/') + 1)..]))];

            // A silence class of background noise has nobody speaking in it.
            if (found.Length > 0 && found.Count(m => m.Success) * 2 > found.Length)
            {
                return [.. found.Select(m => m.Success ? m.Groups["speaker"].Value : null)];
            }
        }

        return null;
    }

    [GeneratedRegex("^(?:[a-z]+_)?(?<speaker>[0-9a-f]{8})_nohash_[0-9]+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SpeechCommands();

    [GeneratedRegex("^(?<speaker>[0-9]{2})[ab][0-9]{2}[A-Z][a-z]?\\.", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex EmoDb();
}
