using System.Text;
using Tacit.Data.Files;

namespace Tacit.Data.Forms;

/// <summary>
/// A LibriSpeech tree: <c>SPEAKER/CHAPTER/SPEAKER-CHAPTER-NUMBER.flac</c>, transcripts in <c>SPEAKER-CHAPTER.trans.txt</c>, a line
/// each that begins with the recording's name. A transcript without its recording is named as broken.
/// </summary>
internal static class LibriSpeechForm
{
    private const string TranscriptEnding = ".trans.txt";

    public static FileItems? Open(FileSet files)
    {
        FileEntry[] transcripts = [.. files.Entries.Where(e => e.Name.EndsWith(TranscriptEnding, StringComparison.OrdinalIgnoreCase) && !FileScan.IsCompany(e.Name))];
        if (transcripts.Length == 0)
        {
            return null;
        }

        FileScan scan = FileScan.Of(files, MediaKind.Sound);
        FileEntry[] entries = [.. scan.Found];
        Dictionary<string, string> texts = Transcripts(files, transcripts, scan.Broken);
        string?[] spoken = [.. entries.Select(e => texts.Remove(Key(e), out string? text) ? text : null)];
        scan.Broken.AddRange(texts.Keys.Order(StringComparer.Ordinal).Select(key => new BrokenItem(key, "There is a transcript for it, and no recording.")));
        return new FileItems
        {
            Entries = entries,
            Form = "LibriSpeech tree",
            Names = [.. entries.Select(e => e.Name)],
            Speakers = [.. entries.Select(e => Key(e)[(Key(e).LastIndexOf('/') + 1)..].Split('-')[0])],
            Texts = spoken,
            Broken = scan.Broken,
            Ignored = Math.Max(0, scan.Ignored - transcripts.Length),
        };
    }

    /// <summary>The name without its extension, as transcripts call it, with its folder.</summary>
    private static string Key(in FileEntry entry)
    {
        int dot = entry.BaseName.LastIndexOf('.');
        return dot < 0 ? entry.Name : entry.Name[..(entry.Folder.Length + dot)];
    }

    private static Dictionary<string, string> Transcripts(FileSet files, FileEntry[] transcripts, List<BrokenItem> broken)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (FileEntry entry in transcripts)
        {
            try
            {
                foreach (string line in Encoding.UTF8.GetString(files.Read(entry)).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
                {
                    int space = line.IndexOf(' ');
                    texts[string.Concat(entry.Folder, space < 0 ? line : line.AsSpan(0, space))] = space < 0 ? "" : line[(space + 1)..];
                }
            }
            catch (IOException error)
            {
                broken.Add(new BrokenItem(entry.Name, error.Message));
            }
        }

        return texts;
    }
}
