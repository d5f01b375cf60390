namespace Tacit.Nn;

/// <summary>How a table of weights fits a module.</summary>
/// <param name="Missing">The module has it, the table does not.</param>
/// <param name="Unexpected">The table has it, the module does not.</param>
/// <param name="Mismatched">Both have it, with different shapes: name, given shape, expected shape.</param>
public sealed record StateFit(IReadOnlyList<string> Missing, IReadOnlyList<string> Unexpected, IReadOnlyList<string> Mismatched)
{
    private const int Shown = 8;

    public bool Perfect => Missing.Count + Unexpected.Count + Mismatched.Count == 0;

    public override string ToString()
    {
        string[] parts = [.. new[] { List("missing", Missing), List("unexpected", Unexpected), List("of another shape", Mismatched) }.OfType<string>()];
        return parts.Length == 0 ? "everything fits" : string.Join("; ", parts);
    }

    private static string? List(string what, IReadOnlyList<string> names) => names.Count switch
    {
        0 => null,
        <= Shown => $"{what}: {string.Join(", ", names)}",
        _ => $"{what}: {string.Join(", ", names.Take(Shown))} and {names.Count - Shown} more",
    };
}
