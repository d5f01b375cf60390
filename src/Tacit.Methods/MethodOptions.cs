namespace Tacit.Methods;

/// <summary>The options of one method; its sealed descendants are the only place where the method's defaults live.</summary>
public abstract record MethodOptions;
