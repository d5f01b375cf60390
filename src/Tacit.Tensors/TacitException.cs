namespace Tacit;

/// <summary>An error the user can act on: its message is one clear sentence that names the thing and says what to do.</summary>
public class TacitException : Exception
{
    public TacitException()
    {
    }

    public TacitException(string message)
        : base(message)
    {
    }

    public TacitException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
