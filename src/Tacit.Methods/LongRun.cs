namespace Tacit.Methods;

/// <summary>Published settings are for long runs.</summary>
/// <param name="Steps">With fewer they may learn nothing.</param>
/// <param name="Key">The option that settings for short runs change: who gives it knows.</param>
public sealed record LongRun(long Steps, string Key);
