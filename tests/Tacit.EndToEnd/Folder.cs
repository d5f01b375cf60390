namespace Tacit.EndToEnd;

/// <summary>A folder that is gone after the test.</summary>
public sealed class Folder : IDisposable
{
    public Folder() => Path = Directory.CreateTempSubdirectory("tacit-test-").FullName;

    public string Path { get; }

    public string this[params string[] parts] => System.IO.Path.Combine([Path, .. parts]);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
