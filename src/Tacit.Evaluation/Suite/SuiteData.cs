using Tacit.Data;

namespace Tacit.Evaluation.Suite;

/// <summary>The sets in a folder, each under its name as a folder, a <c>.tar</c> or a file; opened once.</summary>
public sealed class SuiteData : IDisposable
{
    /// <summary>Samples a second that recordings are read at.</summary>
    public const int Rate = 16000;

    private readonly Dictionary<string, SoundDataset> open = new(StringComparer.Ordinal);

    /// <exception cref="TacitException">There is no such folder.</exception>
    public SuiteData(string path) =>
        Path = Directory.Exists(path) ? path : throw new TacitException($"There is no folder {path}: --data names the folder that holds the suite's sets, each as a .tar or a folder.");

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>Where a set lies, or null where it is not there.</summary>
    public string? Find(string name)
    {
        string path = System.IO.Path.Combine(Path, name);
        return Directory.Exists(path) || File.Exists(path) ? path : File.Exists(path + ".tar") ? path + ".tar" : null;
    }

    /// <summary>A file that is no set of recordings.</summary>
    /// <exception cref="TacitException">It is not there.</exception>
    public string FilePath(string name) => Find(name) ?? throw new TacitException(Missing([name]));

    /// <summary>The recordings of a set; the data set stays this object's.</summary>
    /// <exception cref="TacitException">It is not there, or holds no recordings.</exception>
    public SoundDataset Sounds(string name)
    {
        if (!open.TryGetValue(name, out SoundDataset? sounds))
        {
            sounds = SoundDataset.Open(Find(name) ?? throw new TacitException(Missing([name])), Rate);
            open.Add(name, sounds);
        }

        return sounds;
    }

    /// <summary>The sets opened so far, by name.</summary>
    public IReadOnlyDictionary<string, SoundDataset> Opened => open;

    /// <summary>Why a task cannot run on what is here, or null where nothing is missing.</summary>
    public string? WhyNot(SuiteTask task)
    {
        string[] missing = [.. task.Needs.Where(name => Find(name) is null)];
        return missing.Length == 0 ? null : Missing(missing);
    }

    public void Dispose()
    {
        foreach (SoundDataset sounds in open.Values)
        {
            sounds.Dispose();
        }

        open.Clear();
    }

    private string Missing(IReadOnlyList<string> names)
    {
        IEnumerable<string> sets = names.Select(SuiteSet.Of).Select(set => $"{set.Name} ({set.What}; {set.Where})");
        return $"{Path} lacks {string.Join(" and ", sets)}.";
    }
}
