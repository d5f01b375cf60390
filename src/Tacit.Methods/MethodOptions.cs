namespace Tacit.Methods;

/// <summary>The options of one method; its sealed descendants are the only place where the method's defaults live.</summary>
public abstract record MethodOptions
{
    /// <summary>Refuses values that cannot work together; single values were checked by their ranges.</summary>
    /// <exception cref="TacitException">They cannot; the message says why.</exception>
    public virtual void Validate() { }

    /// <summary>The options as they can work with the data: a default adapts and says so, what the user gave and cannot work is refused.</summary>
    /// <exception cref="ConfigurationException">A given value cannot work with this data.</exception>
    public virtual MethodOptions FitTo(DataFit fit) => this;
}
