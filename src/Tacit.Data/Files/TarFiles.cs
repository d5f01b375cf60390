using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Tacit.Data.Files;

/// <summary>
/// The files of a tar, read where they lie. Names that lead out of the archive are refused, links are not followed, and an
/// archive that ends early gives the files before its cut.
/// </summary>
internal sealed class TarFiles : FileSet
{
    private const int MaxNameBytes = 1 << 20;       // long names and PAX records: more is no name but an attack

    private readonly SafeFileHandle handle;
    private readonly long length;
    private readonly Dictionary<string, FileEntry> byName = new(StringComparer.Ordinal);
    private readonly List<FileEntry> entries;

    public TarFiles(string path)
        : base(path)
    {
        handle = File.OpenHandle(path);
        length = RandomAccess.GetLength(handle);
        Walk();
        entries = [.. byName.Values];
        entries.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
    }

    public override IReadOnlyList<FileEntry> Entries => entries;

    /// <summary>Whether a file begins with a tar's header (or, being empty, with its end mark).</summary>
    public static bool IsTar(string path)
    {
        using SafeFileHandle file = File.OpenHandle(path);
        Span<byte> block = stackalloc byte[TarHeader.Size];
        if (ReadFully(file, 0, block) < block.Length)
        {
            return false;
        }

        var header = new TarHeader(block);
        return header.IsValid || (header.IsEnd && path.EndsWith(".tar", StringComparison.OrdinalIgnoreCase));
    }

    public override bool TryFind(string name, out FileEntry entry) => byName.TryGetValue(Clean(name), out entry);

    public override int Read(in FileEntry entry, long offset, Span<byte> into)
    {
        long left = Math.Max(0, entry.Length - offset);
        return ReadFully(handle, entry.Offset + offset, left < into.Length ? into[..(int)left] : into);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            handle.Dispose();
        }

        base.Dispose(disposing);
    }

    private static int ReadFully(SafeFileHandle file, long offset, Span<byte> into)
    {
        int got = 0;
        for (int read; got < into.Length && (read = RandomAccess.Read(file, into[got..], offset + got)) > 0; got += read)
        {
        }

        return got;
    }

    private static string Clean(string name)
    {
        name = name.Replace('\\', '/');
        while (name.StartsWith("./", StringComparison.Ordinal))
        {
            name = name[2..];
        }

        return name;
    }

    /// <summary>Goes from header to header and notes where each file's bytes lie.</summary>
    private void Walk()
    {
        Span<byte> block = stackalloc byte[TarHeader.Size];
        string? longName = null;
        long? longLength = null;
        long at = 0;
        while (ReadFully(handle, at, block) == TarHeader.Size)
        {
            var header = new TarHeader(block);
            if (header.IsEnd)
            {
                return;
            }

            if (!header.IsValid || header.Length < 0)
            {
                WarningLines.Add($"{Path} is corrupt at byte {at}: only the {byName.Count} files before that place are used.");
                return;
            }

            char type = header.Type;
            long size = type is 'L' or 'K' or 'x' or 'g' ? header.Length : longLength ?? header.Length;
            string name = longName ?? header.Name;
            at += TarHeader.Size;
            if (size > length - at)
            {
                BrokenItems.Add(new BrokenItem(Clean(name), "The archive ends before this file does."));
                WarningLines.Add($"{Path} ends early, within {Clean(name)}: only the {byName.Count} files before it are used; fetch it again.");
                return;
            }

            switch (type)
            {
                case 'L':
                    longName = TarHeader.Text(Small(at, size));
                    break;
                case 'x':
                    ReadPax(Small(at, size), ref longName, ref longLength);
                    break;
                case 'K' or 'g':
                    break;
                default:
                    Note(type, Clean(name), size, at);
                    longName = null;
                    longLength = null;
                    break;
            }

            at += (size + TarHeader.Size - 1) / TarHeader.Size * TarHeader.Size;
        }

        WarningLines.Add($"{Path} ends without a tar's closing block: it may have been cut short.");
    }

    private void Note(char type, string name, long size, long at)
    {
        if (type == 'S')
        {
            BrokenItems.Add(new BrokenItem(name, "It is stored as a sparse file, which is not supported."));
        }
        else if (type is '0' or '\0' or '7' && !name.EndsWith('/'))
        {
            if (IsInside(name))
            {
                byName[name] = new FileEntry(name, size, at);       // a name that comes again replaces the first, as when unpacking
            }
            else
            {
                BrokenItems.Add(new BrokenItem(name, "Its name leads out of the archive."));
            }
        }
    }

    private byte[] Small(long at, long size)
    {
        byte[] bytes = new byte[Math.Min(size, MaxNameBytes)];
        ReadFully(handle, at, bytes);
        return bytes;
    }

    /// <summary>PAX records: "LENGTH KEY=VALUE\n", the length counting itself.</summary>
    private static void ReadPax(ReadOnlySpan<byte> records, ref string? name, ref long? size)
    {
        while (records.Length > 0)
        {
            int space = records.IndexOf((byte)' ');
            if (space <= 0 || !int.TryParse(records[..space], out int length) || length <= space + 1 || length > records.Length)
            {
                return;
            }

            ReadOnlySpan<byte> record = records[(space + 1)..length].TrimEnd((byte)'\n');
            int equals = record.IndexOf((byte)'=');
            if (equals > 0)
            {
                ReadOnlySpan<byte> value = record[(equals + 1)..];
                if (record[..equals].SequenceEqual("path"u8))
                {
                    name = Encoding.UTF8.GetString(value);
                }
                else if (record[..equals].SequenceEqual("size"u8) && long.TryParse(value, out long claimed) && claimed >= 0)
                {
                    size = claimed;
                }
            }

            records = records[length..];
        }
    }
}
