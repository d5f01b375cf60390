namespace Tacit;

/// <summary>An error that the user caused and can mend: its message is one sentence written for people.</summary>
public class TacitException : Exception
{
    public TacitException() { }

    public TacitException(string message) : base(message) { }

    public TacitException(string message, Exception innerException) : base(message, innerException) { }
}
