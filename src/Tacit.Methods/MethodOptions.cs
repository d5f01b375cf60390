namespace Tacit.Methods;

/// <summary>The options of one method; its sealed descendants are the only place where the method's defaults live.</summary>
public abstract record MethodOptions
{
    /// <summary>Refuses values that cannot work together; single values were checked by their ranges.</summary>
    /// <exception cref="TacitException">They cannot; the message says why.</exception>
    public virtual void Validate() { }
}
