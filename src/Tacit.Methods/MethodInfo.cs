namespace Tacit.Methods;

/// <summary>What <c>tacit methods</c> says about a method.</summary>
/// <param name="Name">Lower case with hyphens.</param>
/// <param name="Family">generative, predictive, contrastive, bootstrapping or regularized.</param>
/// <param name="Modality">Of image, speech, text.</param>
/// <param name="Paper">Authors, title and identifier.</param>
/// <param name="Year">Of first publication.</param>
/// <param name="Summary">One line.</param>
public sealed record MethodInfo(string Name, string Family, IReadOnlyList<string> Modality, string Paper, int Year, string Summary);
