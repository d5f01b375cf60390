namespace Tacit;

/// <summary>A command line or configuration that cannot work: the message names the key and says what would. Exit code 2.</summary>
public sealed class ConfigurationException : TacitException
{
    public ConfigurationException() { }

    public ConfigurationException(string message) : base(message) { }

    public ConfigurationException(string message, Exception innerException) : base(message, innerException) { }
}
