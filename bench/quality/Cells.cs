using System.Globalization;
using Tacit.Methods;

namespace Tacit.Quality;

/// <summary>What the pages write into their tables.</summary>
internal static class Cells
{
    /// <summary>The parts of a table, in their order.</summary>
    public static IReadOnlyList<string> Families { get; } = ["baseline", "reference", "generative", "predictive", "contrastive", "bootstrapping", "regularized"];

    /// <summary>Per cent, with the interval.</summary>
    public static string Shown(Score score) =>
        string.Create(CultureInfo.InvariantCulture, $"{100 * score.Value:0.0} ({100 * score.Low:0.0}–{100 * score.High:0.0})");

    /// <summary>A method's place in the catalogue.</summary>
    public static int Place(string method) => MethodCatalog.All.TakeWhile(m => m.Info.Name != method).Count();
}
