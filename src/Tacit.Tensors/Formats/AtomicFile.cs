namespace Tacit.Tensors;

/// <summary>
/// Files that are either the old ones or the new ones, never half of each: written beside their place, flushed to disk,
/// then renamed. Whatever goes wrong before the rename leaves the old file untouched and removes the new one.
/// </summary>
public static class AtomicFile
{
    private const int BufferSize = 1 << 16;

    /// <summary>Writes a file by a callback.</summary>
    /// <param name="path">Where it will be; its folder must exist.</param>
    /// <param name="write">Writes the whole content to the stream it is given.</param>
    /// <exception cref="TacitException">The folder is missing or not writable, or the disk is full.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);

        // A fixed name: what a killed process leaves behind is overwritten by the next write, not collected.
        string temporary = path + ".tmp";
        bool opened = false;
        try
        {
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, BufferSize))
            {
                opened = true;
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception error)
        {
            if (opened)
            {
                Remove(temporary);
            }

            if (error is IOException or UnauthorizedAccessException)
            {
                throw new TacitException(Explain(path, error), error);
            }

            throw;
        }
    }

    /// <summary>Writes a text as UTF-8 without a byte-order mark.</summary>
    public static void WriteText(string path, string text) => Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));

    private static string Explain(string path, Exception error)
    {
        const int LinuxNoSpace = 28, WindowsDiskFull = unchecked((int)0x80070070), WindowsHandleDiskFull = unchecked((int)0x80070027);
        bool full = error.HResult is LinuxNoSpace or WindowsDiskFull or WindowsHandleDiskFull
            || error.Message.Contains("No space left", StringComparison.OrdinalIgnoreCase);
        string why = full ? "the disk is full; free some space and run again"
            : error is DirectoryNotFoundException ? "its folder does not exist; create it first"
            : error.Message.TrimEnd('.');
        return $"Could not write {path}: {why}{(File.Exists(path) ? " (the file that was there before is unchanged)" : string.Empty)}.";
    }

    private static void Remove(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The error that led here is the one to report.
        }
    }
}
