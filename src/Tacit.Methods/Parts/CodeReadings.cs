using System.Globalization;
using Tacit.Models;

namespace Tacit.Methods;

/// <summary>
/// What code books are used of in a batch: <c>code_perplexity_1</c> …, e^H of each book's codes; <c>codebook_use</c>, the sum of these
/// over all entries (as many frames as entries are needed for 1); <c>dead_codes</c>, entries of all books that no frame chose.
/// </summary>
internal static class CodeReadings
{
    private static readonly string[] Names = [.. Enumerable.Range(1, 64).Select(g => "code_perplexity_" + g.ToString(CultureInfo.InvariantCulture))];

    /// <param name="diagnostics">Takes them.</param>
    /// <param name="codes">Those of one frame together, real frames only.</param>
    /// <param name="groups">Books, 64 at most.</param>
    /// <param name="entries">Of each.</param>
    public static void Report(Diagnostics diagnostics, int[] codes, int groups, int entries)
    {
        double total = 0;
        int dead = 0;
        for (int g = 0; g < groups; g++)
        {
            int[] own = [.. Enumerable.Range(0, codes.Length / groups).Select(i => codes[(i * groups) + g])];
            double perplexity = CodePerplexity.Of(own, 1, entries);
            diagnostics.Report(Names[g], perplexity);
            total += perplexity;
            dead += entries - own.Distinct().Count();
        }

        diagnostics.Report("codebook_use", total / (groups * entries));
        diagnostics.Report("dead_codes", dead);
    }
}
