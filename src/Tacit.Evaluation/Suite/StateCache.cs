using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Tacit.Data;
using Tacit.Tensors;

namespace Tacit.Evaluation.Suite;

/// <summary>
/// A folder of states, and of what was found with them: a folder for each upstream's weights, in it a file for each data set. It may be
/// deleted at any time. Where it grows beyond its bound the files that were used longest ago go; those in use stay.
/// </summary>
/// <param name="folder">Where; made when something is written.</param>
/// <param name="bytes">The bound.</param>
public sealed class StateCache(string folder, long bytes = StateCache.UsualBytes)
{
    /// <summary>8 GB.</summary>
    public const long UsualBytes = 8L << 30;

    private const string Ending = ".states", NoteEnding = ".rate";

    /// <summary>Moves on when states are computed otherwise, so that old ones are not used.</summary>
    private const string Version = "1";

    private readonly HashSet<string> used = new(StringComparer.Ordinal);

    /// <summary>The folder.</summary>
    public string Folder => folder;

    /// <summary>The usual folder: <c>tacit/states</c> under XDG_CACHE_HOME, or the user's own place for such things.</summary>
    public static string UsualFolder()
    {
        string? given = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        string root = !string.IsNullOrEmpty(given) ? given
            : OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), OperatingSystem.IsMacOS() ? Path.Combine("Library", "Caches") : ".cache");
        return Path.Combine(root, "tacit", "states");
    }

    /// <summary>What tells an upstream's states of some data from all others: two hashes with a slash between.</summary>
    internal string KeyOf(Upstream upstream, SoundDataset sounds)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{Version}\n{sounds.Fingerprint}\n{sounds.Rate}\n"));
        for (int i = 0; i < sounds.Count && sounds.InMemory; i++)
        {
            hash.AppendData(MemoryMarshal.AsBytes<float>(sounds.Read(i)));
        }

        return $"{upstream.Identity[..30]}/{Convert.ToHexStringLower(hash.GetHashAndReset())[..30]}";
    }

    /// <summary>The states of every recording: read where they are kept, otherwise computed and kept.</summary>
    internal StateStore Open(Upstream upstream, SoundDataset sounds, string key, Action<string>? say, Action<string, int, int>? progress, CancellationToken stop)
    {
        string path = Path.Combine(folder, key + Ending);
        used.Add(path);
        StateStore? store = File.Exists(path) ? Kept(path, key, upstream, say) : null;
        if (store is null)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            string what = $"{upstream.Name}: looking at {Evaluator.Name(sounds.Path)}";
            StateFile.Write(path, key, upstream, sounds.Count, upstream.States(sounds, (done, of) => progress?.Invoke(what, done, of), stop));
            (store, string? why) = StateFile.Open(path, key, upstream);
            store = store ?? throw new TacitException($"{path} {why} although it was just written: check the disk.");
        }

        File.SetLastAccessTimeUtc(path, TimeProvider.System.GetUtcNow().UtcDateTime);
        Bound();
        return store;
    }

    /// <summary>A short text kept under a key, or null.</summary>
    internal string? ReadNote(string key)
    {
        string path = Path.Combine(folder, key + NoteEnding);
        return File.Exists(path) ? File.ReadAllText(path).Trim() : null;
    }

    /// <summary>Keeps a short text under a key.</summary>
    internal void WriteNote(string key, string text)
    {
        Directory.CreateDirectory(folder);
        AtomicFile.WriteText(Path.Combine(folder, key + NoteEnding), text + "\n");
    }

    private static StateStore? Kept(string path, string key, Upstream upstream, Action<string>? say)
    {
        (StateStore? store, string? why) = StateFile.Open(path, key, upstream);
        if (why is not null)
        {
            say?.Invoke($"The cache's {Path.GetFileName(path)} {why}: its states are computed again.");
        }

        return store;
    }

    /// <summary>Lets the files go that were used longest ago, until the rest is within the bound.</summary>
    private void Bound()
    {
        FileInfo[] files = [.. new DirectoryInfo(folder).EnumerateFiles("*" + Ending, SearchOption.AllDirectories).OrderBy(f => f.LastAccessTimeUtc).ThenBy(f => f.FullName, StringComparer.Ordinal)];
        long total = files.Sum(f => f.Length);
        foreach (FileInfo file in files)
        {
            if (total <= bytes)
            {
                return;
            }

            if (!used.Contains(Path.Combine(folder, Path.GetRelativePath(folder, file.FullName))))
            {
                total -= file.Length;
                file.Delete();
            }
        }
    }
}
