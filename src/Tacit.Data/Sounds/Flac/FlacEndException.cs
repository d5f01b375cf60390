namespace Tacit.Data.Sounds.Flac;

/// <summary>The bytes at hand end within a frame: there may be more in the file.</summary>
internal sealed class FlacEndException : Exception
{
    public FlacEndException()
        : base("The frame's bytes end too early.")
    {
    }

    public FlacEndException(string message)
        : base(message)
    {
    }

    public FlacEndException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
