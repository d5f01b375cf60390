namespace Tacit.Training;

/// <summary>A loss or gradient that is NaN or infinite, seen before it was applied; the trainer adds step and remedy.</summary>
internal sealed class NotFiniteException : Exception
{
    public NotFiniteException() { }

    public NotFiniteException(string message) : base(message) { }

    public NotFiniteException(string message, Exception innerException) : base(message, innerException) { }
}
