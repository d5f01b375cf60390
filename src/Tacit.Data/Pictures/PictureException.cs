namespace Tacit.Data.Pictures;

/// <summary>The bytes are not a picture that can be decoded: truncated, corrupt, too large, or of an unsupported kind.</summary>
public sealed class PictureException : TacitException
{
    public PictureException()
    {
    }

    public PictureException(string message)
        : base(message)
    {
    }

    public PictureException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
