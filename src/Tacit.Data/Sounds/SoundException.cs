namespace Tacit.Data.Sounds;

/// <summary>The bytes are not a sound that can be decoded: truncated, corrupt, empty, too large, or of an unsupported kind.</summary>
public sealed class SoundException : TacitException
{
    public SoundException()
    {
    }

    public SoundException(string message)
        : base(message)
    {
    }

    public SoundException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
