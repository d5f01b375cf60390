namespace Tacit.Data;

/// <summary>An item that cannot be used: it is named and skipped, and the run goes on.</summary>
/// <param name="Name">The item's name within the data set.</param>
/// <param name="Reason">Why, as a sentence for people.</param>
public sealed record BrokenItem(string Name, string Reason);
